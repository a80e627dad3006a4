import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { responseBody } from "./call.ts";
import { start, type Program } from "./processes.ts";

/** One worker, no logs, everything in a folder of its own. */
const surroundings = (http: string): string => `
${process.geteuid?.() === 0 ? "user root;" : ""}
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  server_tokens off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  default_type application/json;
${http}
}
`;

const run = async (folder: string, port: number, http: string): Promise<Program> => {
  mkdirSync(folder);
  writeFileSync(join(folder, "nginx.conf"), surroundings(http));
  // What the static handler is asked for and does not give to a POST.
  writeFileSync(join(folder, "call"), "");
  const program = start("nginx", ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], { cwd: folder });
  await answers(port, program);
  return program;
};

const answers = async (port: number, program: Program): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await (await fetch(`http://127.0.0.1:${String(port)}/alive`)).arrayBuffer();
      return;
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
  throw new Error(`nginx did not get ready:\n${program.output()}`);
};

/**
 * The server behind it all: a constant for `tools/call`, but for the request's id. Nginx knows a body only once it is
 * read, and `return` does not read it: the mirror does, to a place that answers at once, and then the static
 * handler's refusal of POST leads to the answer. The few other requests go to `housekeeping`.
 */
export const startUpstream = (folder: string, port: number, housekeeping: number): Promise<Program> =>
  run(
    folder,
    port,
    `
  map $request_body $call_id {
    default null;
    '~"id":(?<found>"[^"]*"|[0-9]+)' $found;
  }
  map $http_mcp_method $room {
    default /housekeeping;
    tools/call /call;
  }
  server {
    listen 127.0.0.1:${String(port)} backlog=1024;
    client_body_buffer_size 64k;
    client_body_in_single_buffer on;
    location = /alive { return 204; }
    location = /mcp { rewrite ^ $room last; }
    location = /call {
      internal;
      root .;
      open_file_cache max=8;
      mirror /nowhere;
      error_page 405 =200 @answer;
    }
    location = /nowhere { internal; return 204; }
    location @answer { return 200 '${responseBody("$call_id")}'; }
    location = /housekeeping { internal; proxy_pass http://127.0.0.1:${String(housekeeping)}; }
  }`,
  );

/** A plain reverse proxy before it, with connections that stay open. */
export const startProxy = (folder: string, port: number, upstream: number): Promise<Program> =>
  run(
    folder,
    port,
    `
  upstream behind {
    server 127.0.0.1:${String(upstream)};
    keepalive 128;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }
  server {
    listen 127.0.0.1:${String(port)} backlog=1024;
    location = /alive { return 204; }
    location / {
      proxy_pass http://behind;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }`,
  );
