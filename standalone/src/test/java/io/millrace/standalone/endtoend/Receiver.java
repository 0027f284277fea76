package io.millrace.standalone.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Somebody's server that takes events, and remembers all that came. */
final class Receiver implements AutoCloseable {

    private final HttpServer server;
    private final Queue<Came> came = new ConcurrentLinkedQueue<>();
    private volatile ToIntFunction<Came> behaviour;

    /**
     * An event that came.
     *
     * @param id value of {@code webhook-id}
     */
    record Came(String id, String timestamp, String signatures, String body) {

        String type() {
            return Json.parse(body.getBytes(StandardCharsets.UTF_8)).path("type").asText();
        }

        String subject() {
            return Json.parse(body.getBytes(StandardCharsets.UTF_8))
                    .path("data")
                    .path("id")
                    .asText();
        }

        /** Returns whether one of its signatures is by that secret. */
        boolean signedBy(String secret) {
            try {
                Mac hmac = Mac.getInstance("HmacSHA256");
                hmac.init(
                        new SecretKeySpec(
                                Base64.getDecoder().decode(secret.substring("whsec_".length())),
                                "HmacSHA256"));
                byte[] signed =
                        "%s.%s.%s".formatted(id, timestamp, body).getBytes(StandardCharsets.UTF_8);
                String mine = "v1," + Base64.getEncoder().encodeToString(hmac.doFinal(signed));
                return List.of(signatures.split(" ")).contains(mine);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Receiver(HttpServer server, ToIntFunction<Came> behaviour) {
        this.server = server;
        this.behaviour = behaviour;
    }

    /** Starts one that answers with a status, in its own time. */
    static Receiver start(ToIntFunction<Came> behaviour) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Receiver receiver = new Receiver(server, behaviour);
            server.createContext("/", receiver::take);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers otherwise from now on. */
    void behave(ToIntFunction<Came> other) {
        behaviour = other;
    }

    String url() {
        return "http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort());
    }

    List<Came> came() {
        return List.copyOf(came);
    }

    /** Returns what came of one job or batch. */
    List<Came> of(String subject) {
        return came.stream().filter(each -> each.subject().equals(subject)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Came one =
                    new Came(
                            exchange.getRequestHeaders().getFirst("webhook-id"),
                            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                            exchange.getRequestHeaders().getFirst("webhook-signature"),
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
            came.add(one);
            exchange.sendResponseHeaders(behaviour.applyAsInt(one), -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
