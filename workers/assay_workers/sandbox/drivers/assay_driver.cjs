// Calls one function of a JavaScript program: `node assay_driver.cjs PROGRAM`; see assay_workers/sandbox/driving.py.
//
// The program runs as a script, not as a module, so that its top-level functions, classes and constants can be named
// without a word being added to it; one that says `import` or `export` is a module, and so is a copy of it that
// exports its entry point. Everything the driver needs afterwards is taken beforehand.
"use strict";

const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { createRequire } = require("module");
const { pathToFileURL } = require("url");

const ANSWER = 3;
const CALL = 4;
const MAX_DEPTH = 500;
const MAX_CHARACTERS = 1 << 24;
const quote = JSON.stringify;
const { reallyExit } = process;
const { getPrototypeOf, keys } = Object;
const { isArray, from } = Array;
const { isInteger, isSafeInteger } = Number;
const { isView } = ArrayBuffer;
const { alloc, byteLength } = { alloc: Buffer.alloc, byteLength: Buffer.byteLength };
const { writeSync } = fs;
const plain = Object.prototype;

class NotAValue extends Error {}

// Numbers of which JavaScript's own are not exact become BigInt; numbers within strings are passed over.
function readCall(text) {
  const inexact = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
  let mark = "$integer";
  while (text.includes(mark)) mark += "$";
  const marked = !/\d{16}/.test(text) ? text : text.replace(inexact, (found) =>
    found[0] === '"' || isSafeInteger(Number(found)) ? found : quote(mark + found));
  if (marked === text) return JSON.parse(text);
  const restore = (_, value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  return JSON.parse(marked, restore);
}

function isModule(error) {
  return error instanceof SyntaxError &&
    /Cannot use import statement|Unexpected token 'export'|'import\.meta'|await is only valid/.test(error.message);
}

function scriptScope(file) {
  const module = { exports: {}, id: file, filename: file, loaded: false, children: [], paths: [] };
  Object.assign(globalThis, {
    module, exports: module.exports, require: createRequire(file), __filename: file, __dirname: path.dirname(file),
  });
  return module;
}

async function load(file, name) {
  const source = fs.readFileSync(file, "utf8");
  const module = scriptScope(file);
  let script;
  try {
    script = new vm.Script(source, {
      filename: file, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  } catch (error) {
    if (!isModule(error)) throw error;
    return fromModule(file, source, name);
  }
  script.runInThisContext();
  return fromScript(module, name);
}

function fromScript(module, name) {
  const { exports } = module;
  const isObject = exports !== null && (typeof exports === "object" || typeof exports === "function");
  if (isObject && Object.hasOwn(exports, name)) return exports[name];
  try {
    return vm.runInThisContext(name);
  } catch (error) {
    if (typeof exports === "function") return exports;
    throw error;
  }
}

async function fromModule(file, source, name) {
  for (const global of ["module", "exports", "require", "__filename", "__dirname"]) delete globalThis[global];
  const import_ = (text, ending) => {
    const copy = path.resolve(`assay_program${ending}.mjs`);
    fs.writeFileSync(copy, text);
    return import(pathToFileURL(copy));
  };
  try {
    return (await import_(`${source}\n;export { ${name} as assay_entry_point };\n`, "")).assay_entry_point;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const exports = await import_(source, "_");
  return name in exports ? exports[name] : exports.default;
}

function find(loaded, entryPoint) {
  const [first, second] = entryPoint.split(".");
  let owner;
  let found = loaded;
  if (second !== undefined) {
    owner = typeof loaded === "function" ? new loaded() : loaded;
    if (typeof loaded === "function" && owner[second] === undefined) owner = loaded;
    found = owner[second];
  }
  if (typeof found !== "function") throw new TypeError(`${second ?? first} is not a function`);
  return { owner, found };
}

function spellNumber(value) {
  if (!isInteger(value)) return `${value}`; // NaN and Infinity among them
  if (isSafeInteger(value)) return `${value}`;
  const digits = `${value}`;
  return digits.includes("e") ? digits : `${digits}.0`;
}

// Appends the JSON of a value to `out`, an array of texts whose length altogether is `out.size`.
function put(out, text) {
  out.size += text.length;
  if (out.size > MAX_CHARACTERS) throw new NotAValue("the value is too large");
  out[out.length] = text;
}

function putAll(out, values, depth) {
  put(out, "[");
  for (let place = 0; place < values.length; place++) {
    if (place) put(out, ",");
    spell(out, values[place], depth + 1);
  }
  put(out, "]");
}

function putEntries(out, entries, depth) {
  put(out, "{");
  for (let place = 0; place < entries.length; place++) {
    const key = entries[place][0];
    if (!["string", "number", "bigint", "boolean"].includes(typeof key)) throw new NotAValue("a key is no string");
    put(out, `${place ? "," : ""}${quote(`${key}`)}:`);
    spell(out, entries[place][1], depth + 1);
  }
  put(out, "}");
}

function spell(out, value, depth) {
  if (depth > MAX_DEPTH) throw new NotAValue("the value is too deeply nested");
  if (value === null || value === undefined) return put(out, "null");
  switch (typeof value) {
    case "boolean": return put(out, value ? "true" : "false");
    case "number": return put(out, spellNumber(value));
    case "bigint": return put(out, `${value}`);
    case "string": return put(out, quote(value));
    case "object": return spellObject(out, value, depth);
    default: throw new NotAValue(`a ${typeof value} is no plain value`);
  }
}

function spellObject(out, value, depth) {
  if (isArray(value)) return putAll(out, value, depth);
  if (value instanceof Map) return putEntries(out, [...value], depth);
  if (value instanceof Set || (isView(value) && !(value instanceof DataView))) return putAll(out, from(value), depth);
  const prototype = getPrototypeOf(value);
  if (prototype !== plain && prototype !== null) {
    throw new NotAValue(`an object of class ${prototype.constructor?.name} is no plain value`);
  }
  return putEntries(out, keys(value).map((key) => [key, value[key]]), depth);
}

function write(kind, text) {
  const frame = alloc(5 + byteLength(text));
  frame.writeUInt32BE(frame.length - 4);
  frame.write(kind + text, 4);
  for (let place = 0; place < frame.length;) place += writeSync(ANSWER, frame, place);
}

function answer(value) {
  const out = [];
  out.size = 0;
  try {
    spell(out, value, 0);
  } catch (error) {
    if (!(error instanceof NotAValue)) throw error;
    write("U", quote(error.message));
    return;
  }
  write("V", out.join(""));
}

async function main() {
  const [entryPoint, inPlace, args] = readCall(fs.readFileSync(CALL, "utf8"));
  const file = path.resolve(process.argv[2]);
  process.argv.splice(1, 2, file);
  const { owner, found } = find(await load(file, entryPoint.split(".")[0]), entryPoint);
  let value = found.apply(owner, args);
  if (value instanceof Promise) value = await value;
  answer(inPlace === null ? value : args[inPlace]);
}

main().then(() => reallyExit(0), (error) => {
  console.error(error instanceof Error ? error.stack : error);
  reallyExit(1);
});
