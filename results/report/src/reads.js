// A run's reads: unpacked when they are first looked at, then sorted by device.

const types = { f64: Float64Array, f32: Float32Array, u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };

function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64),
    bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpack({ type, data }) {
  const stream = new Blob([decoded(data)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new types[type](await new Response(stream).arrayBuffer());
}

function byDevice(columns, devices) {
  const count = new Uint32Array(devices);
  for (const device of columns.device) ++count[device];
  const all = Array.from(count, (n) => ({
    places: new Uint32Array(n),
    x: new Float64Array(n),
    y: new Float64Array(n),
    failed: new Uint8Array(n),
    failures: 0,
    low: Infinity,
    high: -Infinity,
  }));
  const next = new Uint32Array(devices);
  for (let i = 0; i < columns.device.length; ++i) {
    const own = all[columns.device[i]],
      k = next[columns.device[i]]++;
    own.places[k] = i;
    own.x[k] = columns.end_s[i];
    own.y[k] = columns.physical[i];
    own.low = Math.min(own.low, own.y[k]);
    own.high = Math.max(own.high, own.y[k] + columns.bytes[i]);
    if (columns.error[i] > 0) {
      own.failed[k] = 1;
      ++own.failures;
    }
  }
  return all;
}

// By device: when a mirror peer reads a zone that this device has as well, [[begin_s, end_s, set], ...].
function locks(zones, sets) {
  const all = zones.map(() => []);
  zones.forEach((own, peer) => {
    for (const zone of own) for (const [device] of sets[zone[2]].spans) if (device !== peer) all[device].push(zone);
  });
  for (const own of all) own.sort((a, b) => a[0] - b[0]);
  return all;
}

const unpacked = new Map();

// Null where the entry has none.
export function readsOf(entry) {
  if (!entry.read) return Promise.resolve(null);
  const { element } = entry.read.reads;
  if (!unpacked.has(element)) {
    unpacked.set(
      element,
      (async () => {
        const holder = document.getElementById(element),
          packed = JSON.parse(holder.textContent);
        holder.remove(); // its text is not needed twice
        const columns = {};
        for (const [name, column] of Object.entries(packed.columns)) columns[name] = await unpack(column);
        const devices = Math.max(packed.zones.length, entry.read.devids.length);
        return {
          columns,
          devices: byDevice(columns, devices),
          zones: packed.zones,
          sets: packed.sets,
          end_s: packed.end_s,
          locks: entry.policy.peer_lock === true ? locks(packed.zones, packed.sets) : packed.zones.map(() => []),
          count: packed.count,
          shown: packed.shown,
        };
      })(),
    );
  }
  return unpacked.get(element);
}

// The first place of a sorted column that is not below the value.
export function firstNotBelow(column, value) {
  let low = 0,
    high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
