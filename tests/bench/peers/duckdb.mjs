// duckdb.mjs SQL - runs it in a DuckDB in memory. DUCKDB names the folder with node_modules.
import { createRequire } from "node:module";
const require = createRequire(process.env.DUCKDB + "/");
const { DuckDBInstance } = require("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(process.argv[2]);
