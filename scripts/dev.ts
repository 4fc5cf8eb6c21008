// npm run dev: the same HTTP app as in production around Vite's middleware, so that pages reload as files
// change. Services live through reloads; a change to them or to the server itself needs a restart.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createServer as createVite } from "vite";

type App = typeof import("../app/entry.server");

if (existsSync(".env")) process.loadEnvFile(".env");
process.env.NODE_ENV = "development";

const server = createServer();
const vite = await createVite({ server: { middlewareMode: true, hmr: { server } }, appType: "custom" });
const getBuild = async () => (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild;
const app = (await getBuild()).entry.module as unknown as App;

try {
  const env = app.parseEnv(process.env);
  const services = await app.provideServices(app.startServices(env, { onProgress: console.log }));
  const listener = app.createHttpApp({ services, getBuild, clientDir: null, isAccepting: () => true });
  server.on("request", (request, response) =>
    vite.middlewares(request, response, () => listener(request, response)),
  );
  server.on("error", (error) => stop(error.message));
  server.listen(env.PORT, env.HOST, () => console.log(`Kadosei, in development: ${env.APP_URL}`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.closeAllConnections();
      void Promise.allSettled([vite.close(), services.stop()]).then(() => process.exit(0));
    });
  }
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}

function stop(reason: string): never {
  console.error(`Kadosei cannot start: ${reason}`);
  process.exit(1);
}
