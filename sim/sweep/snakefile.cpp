#include "sim/sweep/snakefile.h"

#include <nlohmann/json.hpp>

namespace headway {

namespace {

// A part's mark, not its runs, is what Snakemake sees made: Snakemake deletes the outputs of a job that fails, and what
// a killed job has computed stays in the cache. The mark is named by what its runs compute, so that a part whose
// inputs or build changed has none yet.
constexpr const char* rules = R"(
headway = config.get("headway", "headway")
sweep = [headway, "sweep", SWEEP, "-o", OUT, "--cache", CACHE]
command = " ".join(map(shlex.quote, sweep))
parts = subprocess.run(sweep + ["--parts", str(BATCH)], check=True, stdout=subprocess.PIPE, text=True).stdout.split()

localrules: table

rule table:
    input: expand(OUT + "/parts/{part}.done", part=parts)
    output: OUT + "/sweep.csv"
    # 3: some runs failed, and the table says which.
    shell: command + " --collect || test $? -eq 3"

rule part:
    output: touch(OUT + "/parts/{part}.done")
    threads: 1
    retries: 3
    shell: command + " --part {wildcards.part} -j {threads}"
)";

std::string python_string(const std::string& text) { return nlohmann::json(text).dump(); }

}  // namespace

std::string snakefile(const SnakefileOptions& options) {
  return "# Written by `headway sweep --snakefile`. On this machine: snakemake -s THIS -c 2; on Slurm: snakemake -s THIS\n"
         "# --profile scenarios/slurm. `--config headway=PATH` names the program.\n"
         "import shlex\nimport subprocess\n\n"
         "SWEEP = " +
         python_string(options.sweep) + "\nOUT = " + python_string(options.out) +
         "\nCACHE = " + python_string(options.cache) + "\nBATCH = " + std::to_string(options.batch) +
         "  # runs a job\n" + rules;
}

}  // namespace headway
