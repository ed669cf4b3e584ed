#include "sim/sweep/snakefile.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace headway {

namespace {

// A part's mark, not its runs, is what Snakemake sees made: Snakemake deletes the outputs of a job that fails, and what
// a killed job has computed stays in the cache. The mark is named by what its runs compute, so that a part whose
// inputs or build changed has none yet.
// Snakemake takes braces in files' names for wildcards, which nothing quotes, and hands names to shells as they are: a
// directory of such a name is called by a link. In commands a second brace quotes the first.
constexpr const char* rules = R"(
headway = config.get("headway", "headway")
sweep = [headway, "sweep", SWEEP, "-o", OUT, "--cache", CACHE] + [word for set in SET for word in ("--set", set)]
command = " ".join(map(shlex.quote, sweep)).replace("{", "{{").replace("}", "}}")
parts = subprocess.run(sweep + ["--parts", str(BATCH)], check=True, stdout=subprocess.PIPE, text=True).stdout.split()

def plain(directory):
    if re.fullmatch(r"[\w./+=@-]*", directory, re.ASCII): return directory
    link = ".snakemake/headway-" + hashlib.sha256(os.path.abspath(directory).encode()).hexdigest()[:12]
    os.makedirs(directory, exist_ok=True)
    os.makedirs(".snakemake", exist_ok=True)
    try: os.symlink(os.path.abspath(directory), link)
    except FileExistsError: pass
    return link
out = plain(OUT)

localrules: table

rule table:
    input: expand(out + "/parts/{part}.done", part=parts)
    output: out + "/sweep.csv"
    # 3: some runs failed, and the table says which.
    shell: command + " --collect || test $? -eq 3"

rule part:
    output: touch(out + "/parts/{part}.done")
    threads: 1
    retries: 3
    shell: command + " --part {wildcards.part} -j {threads}"
)";

std::string python_string(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::type_error&) {
    throw InputError("--snakefile", "", "paths in UTF-8, as a Snakefile is", fmt::format("\"{}\"", text));
  }
}

}  // namespace

std::string snakefile(const SnakefileOptions& options) {
  std::string set;
  for (const auto& word : options.set) set += (set.empty() ? "" : ", ") + python_string(word);
  return "# Written by `headway sweep --snakefile`. On this machine: snakemake -s THIS -c 2; on Slurm: snakemake -s "
         "THIS\n"
         "# --profile scenarios/slurm. `--config headway=PATH` names the program.\n"
         "import hashlib\nimport os\nimport re\nimport shlex\nimport subprocess\n\n"
         "SWEEP = " +
         python_string(options.sweep) + "\nSET = [" + set + "]\nOUT = " + python_string(options.out) +
         "\nCACHE = " + python_string(options.cache) + "\nBATCH = " + std::to_string(options.batch) +
         "  # runs a job\n" + rules;
}

}  // namespace headway
