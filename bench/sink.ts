// A merchant's server that takes every event: reads the body, answers 200. Started by bench/webhooks.ts.
import { createServer } from "node:http";

createServer((request, response) => {
  request.on("data", () => undefined).on("end", () => response.writeHead(200, { "content-length": 0 }).end());
}).listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
