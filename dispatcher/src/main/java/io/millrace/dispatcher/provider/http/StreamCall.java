package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.concurrent.ComplexCancellable;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One call as a stream of a connection: the connection's thread puts what comes into a queue, the
 * calling thread takes it out and gives the provider room for as much again. The queue therefore
 * holds no more than the stream's window.
 */
final class StreamCall implements AsyncClientExchangeHandler, Wire.Reply {

    private static final long DAYS = 1;

    private final HttpCall call;
    private final Progress progress;
    private final Duration idle;
    private final ByteBuffer unsent;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ComplexCancellable handle = new ComplexCancellable();
    private final AtomicBoolean left = new AtomicBoolean();
    private final Room room = new Room();
    private final InputStream body = new Body();
    private volatile SharedConnections.@Nullable Shared connection;
    private volatile boolean doubtful;
    private volatile boolean withdrawn;
    private Event.Head head = new Event.Head(0, Map.of(), 0);

    StreamCall(HttpCall call, Progress progress, Duration idle) {
        this.call = call;
        this.progress = progress;
        this.idle = idle;
        this.unsent = ByteBuffer.wrap(call.body());
    }

    /** What the connection's thread tells the calling one. */
    private sealed interface Event {

        record Head(int status, Map<String, String> headers, long length) implements Event {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Chunk(byte[] bytes) implements Event {}

        record End() implements Event {}

        record Failed(Exception why) implements Event {}
    }

    /** Notes the connection that it will run on, to be released when it is left. */
    void hold(SharedConnections.Shared shared) {
        connection = shared;
    }

    CancellableDependency handle() {
        return handle;
    }

    /** Waits for the head of the answer. Called once, by the calling thread. */
    Wire.Reply awaitHead() throws IOException {
        head =
                switch (next(Duration.ofDays(DAYS))) {
                    case Event.Head some -> some;
                    case Event.Failed(Exception why) -> throw failure(why);
                    case Event.Chunk _, Event.End _ ->
                            throw new IOException("an answer without a head");
                };
        return this;
    }

    // ---- the calling thread

    @Override
    public int status() {
        return head.status();
    }

    @Override
    public Map<String, String> headers() {
        return head.headers();
    }

    @Override
    public long length() {
        return head.length();
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void leave(boolean finished) {
        if (!left.compareAndSet(false, true)) {
            return;
        }
        if (!finished) {
            handle.cancel();
        }
        SharedConnections.Shared held = connection;
        if (held != null) {
            held.release(!doubtful);
        }
    }

    private Event next(Duration patience) throws IOException {
        try {
            Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (event == null) {
                doubtful = true;
                throw new SocketTimeoutException("the provider fell silent");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the provider");
        }
    }

    /** Some failures say that the provider did nothing (RFC 9113, section 8.7). */
    private IOException failure(Exception why) {
        boolean refused =
                why instanceof H2StreamResetException reset
                        && reset.getCode() == H2Error.REFUSED_STREAM.getCode();
        if (refused || why instanceof RequestNotExecutedException) {
            progress.wasNotTaken();
        }
        // Only a reset concerns this stream alone: all else is about the connection.
        if (!(why instanceof H2StreamResetException)) {
            doubtful = true;
        }
        return why instanceof IOException known
                ? known
                : new IOException(why.getClass().getSimpleName(), why);
    }

    /** The body as it comes out of the queue. */
    private final class Body extends InputStream {

        private byte[] chunk = new byte[0];
        private int at;
        private long total;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (at == chunk.length && !ended) {
                advance();
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, into, offset, count);
            at += count;
            return count;
        }

        private void advance() throws IOException {
            room.grant(chunk.length);
            chunk = new byte[0];
            at = 0;
            switch (next(idle)) {
                case Event.Chunk(byte[] bytes) -> {
                    chunk = bytes;
                    total += bytes.length;
                }
                case Event.End() -> end();
                case Event.Failed(Exception why) -> throw failure(why);
                case Event.Head _ -> throw new IOException("an answer with two heads");
            }
        }

        private void end() throws IOException {
            if (head.length() >= 0 && total != head.length()) {
                throw new IOException("the body is not as long as the answer says");
            }
            ended = true;
        }
    }

    // ---- any thread

    @Override
    public void cancel() {
        doubtful = true; // by the deadline, or by an interrupt that does not care
        events.add(new Event.Failed(new InterruptedIOException("cancelled")));
        handle.cancel();
    }

    // ---- the connection's thread

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context)
            throws HttpException, IOException {
        // Given up while it was queued. An exception would end the connection for all, so the
        // head goes out, without the body that makes it a call, and its stream is reset at once.
        withdrawn = left.get() || doubtful;
        if (!withdrawn) {
            progress.send();
        }
        BasicHttpRequest request = new BasicHttpRequest("POST", call.address());
        request.setHeader("accept", "application/json");
        request.setHeader("accept-encoding", "identity");
        request.setHeader("user-agent", "millrace");
        call.headers().forEach((name, value) -> request.setHeader(lower(name), value));
        channel.sendRequest(
                request,
                new BasicEntityDetails(call.body().length, ContentType.APPLICATION_JSON),
                context);
    }

    @Override
    public int available() {
        return Math.max(1, unsent.remaining());
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (withdrawn) {
            return;
        }
        if (unsent.hasRemaining()) {
            channel.write(unsent);
        }
        if (!unsent.hasRemaining()) {
            channel.endStream(null);
        }
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {
        // 100 and 103 say nothing that anybody waits for
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
        Map<String, String> headers = HashMap.newHashMap(16);
        for (Header header : response.getHeaders()) {
            String value = header.getValue();
            headers.put(lower(header.getName()), value == null ? "" : value);
        }
        long length = entity == null ? 0 : entity.getContentLength();
        events.add(new Event.Head(response.getCode(), headers, length));
        if (entity == null) {
            events.add(new Event.End());
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        room.open(channel);
    }

    @Override
    public void consume(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        events.add(new Event.Chunk(bytes));
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        events.add(new Event.End());
    }

    @Override
    public void failed(Exception cause) {
        events.add(new Event.Failed(cause));
    }

    @Override
    public void releaseResources() {
        events.add(new Event.Failed(new IOException("the connection ended before the answer did")));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What the provider may send yet: as much as was read. Thread-safe. */
    private static final class Room {

        private @Nullable CapacityChannel channel;
        private int granted;

        synchronized void open(CapacityChannel some) throws IOException {
            channel = some;
            grant(0);
        }

        synchronized void grant(int bytes) throws IOException {
            granted += bytes;
            CapacityChannel open = channel;
            if (open != null && granted > 0) {
                open.update(granted);
                granted = 0;
            }
        }
    }
}
