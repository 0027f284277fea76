package io.millrace.dispatcher.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that writes what a test tells it to, byte for byte, for what no honest server does. */
public final class RawServer implements AutoCloseable {

    /** What is done after a request was read; the connection is closed when it returns false. */
    @FunctionalInterface
    public interface Script {
        boolean answer(String request, OutputStream to) throws Exception;
    }

    private final ServerSocket listener;
    private final Script script;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private RawServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    public static RawServer start(Script script) {
        try {
            RawServer server =
                    new RawServer(
                            new ServerSocket(0, 512, InetAddress.getLoopbackAddress()), script);
            Thread.startVirtualThread(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("a free port was expected", e);
        }
    }

    /** Starts one that answers everything with the same status, headers and body. */
    public static RawServer answering(int status, String headers, String body) {
        byte[] answer = answer(status, headers, body);
        return start((_, to) -> {
            to.write(answer);
            return true;
        });
    }

    public static byte[] answer(int status, String headers, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 %d X\r\n%scontent-length: %d\r\n\r\n%s"
                .formatted(status, headers, length, body)
                .getBytes(StandardCharsets.UTF_8);
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    /** Head and body of every request, in order. */
    public Queue<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream from = socket.getInputStream();
            String request = read(from);
            while (!request.isEmpty()) {
                requests.add(request);
                if (!script.answer(request, socket.getOutputStream())) {
                    return;
                }
                request = read(from);
            }
        } catch (Exception e) {
            // The client left, or the test has ended.
        }
    }

    private static String read(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = from.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int length =
                head.toString()
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
        return head + new String(from.readNBytes(length), StandardCharsets.UTF_8);
    }
}
