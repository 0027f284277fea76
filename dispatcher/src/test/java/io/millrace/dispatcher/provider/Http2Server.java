package io.millrace.dispatcher.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http2.Http2Config;
import io.millrace.servicekit.http.Json;
import io.millrace.simulatedprovider.tls.SelfSigned;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real HTTP/2 server, Helidon's, that answers as the model of a call says: {@code good}, {@code
 * waits} until {@link #go}, {@code stalls} after half of a body, {@code endless}, {@code
 * redirects}, {@code limits}, {@code breaks} off in a body, {@code heads} with 400 KiB of headers.
 */
final class Http2Server implements AutoCloseable {

    private static final byte[] BLOCK = new byte[64 * 1024];

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final WebServer server;
    private final String base;

    private Http2Server(WebServerConfig.Builder config, String scheme, String host) {
        this.server =
                config.host(host)
                        .port(0)
                        .connectionOptions(socket -> socket.tcpNoDelay(true))
                        .routing(routing -> routing.post("/v1/chat/completions", this::answer))
                        .build()
                        .start();
        this.base = scheme + "://" + host;
        Arrays.fill(BLOCK, (byte) 'a');
    }

    static Http2Server plain() {
        return new Http2Server(WebServer.builder(), "http", "127.0.0.1");
    }

    /** One that allows so many calls on a connection. */
    static Http2Server allowing(int calls) {
        Http2Config config = Http2Config.builder().maxConcurrentStreams(calls).build();
        return new Http2Server(WebServer.builder().addProtocol(config), "http", "127.0.0.1");
    }

    /** One on an address of the loopback, which its certificate names or not. */
    static Http2Server tls(SelfSigned certificate, String host) {
        Tls tls = Tls.builder().sslContext(certificate.serverContext()).build();
        return new Http2Server(WebServer.builder().tls(tls), "https", host);
    }

    String url() {
        return base + ":" + server.port();
    }

    /** The versions of HTTP that calls came with. */
    Set<String> versions() {
        return versions;
    }

    /** How many connections calls came on. */
    int connections() {
        return connections.size();
    }

    int running() {
        return running.get();
    }

    long sent() {
        return sent.get();
    }

    /** Lets all that wait go on. */
    void go() {
        gate.countDown();
    }

    @Override
    public void close() {
        go();
        server.stop();
    }

    private void answer(ServerRequest request, ServerResponse response) {
        versions.add(request.prologue().protocolVersion());
        connections.add(request.remotePeer().port());
        String model = Json.parse(request.content().as(byte[].class)).path("model").asText();
        running.incrementAndGet();
        try {
            answer(model, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            running.decrementAndGet();
        }
    }

    private void answer(String model, ServerResponse response) throws IOException {
        switch (model) {
            case "waits" -> {
                awaitGo();
                response.send(good());
            }
            case "stalls" -> {
                OutputStream out = response.outputStream();
                out.write(Arrays.copyOf(good(), 20));
                out.flush();
                awaitGo();
            }
            case "endless" -> endless(response.outputStream());
            case "redirects" ->
                    response.status(Status.TEMPORARY_REDIRECT_307)
                            .header(HeaderNames.LOCATION, "/elsewhere")
                            .send();
            case "limits" ->
                    response.status(Status.create(429))
                            .header(HeaderNames.RETRY_AFTER, "7")
                            .send("{\"error\":{\"message\":\"slow down\"}}");
            case "breaks" -> {
                OutputStream out = response.outputStream();
                out.write(Arrays.copyOf(good(), 20));
                out.flush();
                throw new IOException("this is how it breaks");
            }
            case "heads" -> {
                for (int i = 0;
                        i < 400;
                        i++) { // each small: Helidon loops over one larger than its table
                    response.header(HeaderNames.create("x-" + i), "y".repeat(1024));
                }
                response.send(good());
            }
            default -> response.send(good());
        }
    }

    private void endless(OutputStream out) throws IOException {
        while (sent.get() < 1L << 30) {
            out.write(BLOCK);
            out.flush();
            sent.addAndGet(BLOCK.length);
        }
    }

    private void awaitGo() {
        try {
            if (!gate.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] good() {
        ObjectNode answer = Json.object().put("object", "chat.completion");
        answer.withArray("choices").addObject().putObject("message").put("content", "hello");
        answer.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", 1);
        return Json.bytes(answer);
    }
}
