// bpmn-engine: runs BPMN files in memory; its documentation keeps an instance by getState() and goes on by recover() and resume().
// Each state is written to a file of its own and synced to the disk, since the library has no store.
import { Engine } from 'bpmn-engine';
import BpmnModdle from 'bpmn-moddle';
import * as elements from 'bpmn-elements';
import { default as serializer, TypeResolver } from 'moddle-context-serializer';
import { EventEmitter } from 'node:events';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const [work, sizesText, folder, out] = process.argv.slice(2);
const sizes = JSON.parse(sizesText);
const own = new URL('node_modules/bpmn-engine/package.json', import.meta.url);
const version = JSON.parse(readFileSync(own, 'utf8')).version;

class CannotDo extends Error {}

// The diagram is parsed once and handed over as a source context, as the documentation advises for many runs.
async function contextOf(file) {
  const { rootElement, references, elementsById } = await new BpmnModdle({}).fromXML(readFileSync(file, 'utf8'));
  return serializer({ rootElement, references, elementsById, warnings: [] }, TypeResolver(elements));
}

function withServices(element) {
  if (element.type === 'bpmn:ServiceTask') {
    element.behaviour.Service = function Service() {
      return { execute: (message, callback) => callback(null, { shipped: true }) };
    };
  }
}

function keep(name, state) {
  const path = `${folder}/${name}.json`;
  const file = openSync(`${path}.new`, 'w');
  writeSync(file, JSON.stringify(state));
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

async function start(name, context, variables) {
  const engine = new Engine({ name, sourceContext: context, extensions: { withServices }, variables });
  const listener = new EventEmitter();
  const waits = new Promise((resolve) => listener.once('activity.wait', resolve));
  await engine.execute({ listener });
  await waits;
  engine.stop();
  keep(name, await engine.getState());
}

async function goOn(name) {
  const engine = new Engine({ name, extensions: { withServices } });
  engine.recover(JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')));
  const listener = new EventEmitter();
  const ended = new Promise((resolve, reject) => {
    engine.once('end', resolve);
    engine.once('error', reject);
  });
  listener.once('activity.wait', (api) => api.signal({ approved: true }));
  await engine.resume({ listener });
  await ended;
  keep(name, await engine.getState());
}

function percentile(times, part) {
  const ordered = [...times].sort((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * part))];
}

function rate(count, begun, cpu, times) {
  const used = process.cpuUsage(cpu);
  const found = { value: count / ((performance.now() - begun) / 1000), cpu_ms: (used.user + used.system) / 1000 / count };
  return times ? { ...found, p50_ms: percentile(times, 0.5), p95_ms: percentile(times, 0.95) } : found;
}

async function orders() {
  const context = await contextOf(new URL('../../order.bpmn', import.meta.url));
  const count = sizes.instances;
  for (let number = 0; number < sizes.warm_up; number += 1) {
    await start(`w${number}`, context, { amount: number });
    await goOn(`w${number}`);
  }
  const times = [];
  let [begun, cpu] = [performance.now(), process.cpuUsage()];
  for (let number = 0; number < count; number += 1) {
    const before = performance.now();
    await start(`a${number}`, context, { amount: number });
    await goOn(`a${number}`);
    times.push(performance.now() - before);
  }
  const one = rate(count, begun, cpu, times);
  [begun, cpu] = [performance.now(), process.cpuUsage()];
  for (let number = 0; number < count; number += 1) await start(`b${number}`, context, { amount: number });
  for (let number = 0; number < count; number += 1) await goOn(`b${number}`);
  const many = rate(count, begun, cpu);
  for (let number = 0; number < count; number += 1) {
    for (const name of [`a${number}`, `b${number}`]) {
      const state = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
      if (!state.definitions[0].execution.completed) throw new Error(`${name} has not ended`);
    }
  }
  return { 'a.one': one, 'a.many': many };
}

const WORKS = { a: orders };
const CANNOT = {
  b: 'not measured: its conditions are services of the host, another program each',
  c: 'not measured: it has no store, and a state file after every batch would be the host\'s own design',
  d: 'not measured: it has no store, and a state file after every round would be the host\'s own design',
  e: 'timers live in the memory of its process; a stored one fires only when the host resumes it',
  f: 'a called process is the host\'s own code',
  g: 'has no work list',
  h: 'has no deployment: a file is parsed when it is run',
};

let result;
try {
  if (!(work in WORKS)) throw new CannotDo(CANNOT[work]);
  result = {
    lines: await WORKS[work](),
    settings: {
      version,
      store: 'one JSON file for each instance, written beside, fsync, renamed; diagram parsed once',
      'left out': 'history, work items, jobs, a database',
    },
  };
} catch (error) {
  if (!(error instanceof CannotDo)) throw error;
  result = { cannot: error.message };
}
writeFileSync(out, JSON.stringify(result, null, 2));
