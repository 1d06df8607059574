// server.js PORT: a small service, on loopback, that tells who it is.
const http = require("node:http");

http.createServer((request, response) => {
    const known = request.url === "/" || request.url === "/healthz";
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: known ? "ok" : "not found", pid: process.pid }));
}).listen(Number(process.argv[2]), "127.0.0.1");
