// What the report's writer put into the page: experiments, and the entries that charts show, a policy of an experiment
// each.

export const data = JSON.parse(document.getElementById("data").textContent);
export const experiments = data.experiments;
export const comparing = experiments.length > 1;
export const sideNames = ["A", "B"];
// What a part is called, of two experiments with its letter.
export const captionOf = (experiment, text) =>
  comparing ? `${text}, ${sideNames[experiments.indexOf(experiment)]}` : text;

const policyNames = [...new Set(experiments.flatMap((experiment) => experiment.policies.map((policy) => policy.name)))];

// One look a policy, in both experiments; of two the second is dashed.
export const entries = experiments.flatMap((experiment, side) =>
  experiment.policies.map((policy, place) => {
    const look = policyNames.indexOf(policy.name);
    return {
      experiment,
      side,
      policy,
      place,
      look,
      key: comparing ? `${sideNames[side]}/${policy.name}` : policy.name,
      label: comparing ? `${policy.name} · ${sideNames[side]}` : policy.name,
      dash: comparing ? side * 2 : Math.floor(look / 8) % 4,
      read: policy.seeds.find((seed) => seed.reads) ?? null,
      failed: policy.failed === policy.runs,
    };
  }),
);
entries.forEach((entry, index) => {
  entry.index = index;
});

export const good = entries.filter((entry) => !entry.failed);
export const devids =
  entries
    .find((entry) => entry.policy.seeds.some((seed) => seed.devids.length))
    ?.policy.seeds.find((seed) => seed.devids.length)?.devids ?? [];

// Few enough to be told apart at first sight: the baseline and those that come first.
export function firstEntries() {
  const most = 6;
  const sorted = [...good].sort((a, b) =>
    comparing
      ? a.look - b.look || a.side - b.side
      : Number(b.policy.baseline) - Number(a.policy.baseline) || a.index - b.index,
  );
  return new Set(sorted.slice(0, most).map((entry) => entry.index));
}

export const dashes = [[], [8, 4], [3, 3], [9, 3, 2, 3]];
