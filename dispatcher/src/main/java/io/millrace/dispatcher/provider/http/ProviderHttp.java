package io.millrace.dispatcher.provider.http;

import io.millrace.dispatcher.provider.http.BodyReader.Body;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import io.millrace.dispatcher.provider.http.Exchange.Break;
import io.millrace.dispatcher.provider.http.Exchange.Broken;
import io.millrace.dispatcher.provider.http.Exchange.NotSent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP client of one provider. Thread-safe; calls come from virtual threads, whose interrupt
 * closes the connection at once.
 */
public final class ProviderHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderHttp.class);

    // What an error says is worth this much.
    private static final int ERROR_BYTES = 64 * 1024;
    private static final int REDIRECT = 300;

    private final HttpLimits limits;
    private final AnswerMemory memory;
    private final InstantSource clock;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor deadlines;

    public ProviderHttp(HttpLimits limits, AnswerMemory memory, InstantSource clock) {
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
        this.client = ClientSettings.client(limits);
        this.deadlines =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("provider-deadlines").factory());
        this.deadlines.setRemoveOnCancelPolicy(true);
    }

    /** Makes the call and waits for its end, which comes at the latest at the deadline. */
    public Exchange post(HttpCall call) {
        Duration left = left(call.deadline());
        if (!left.isPositive()) {
            return new NotSent("the deadline had passed before the call");
        }
        HttpPost request = request(call);
        HttpClientContext context = HttpClientContext.create();
        Progress progress = new Progress();
        progress.attach(context);
        Future<?> alarm =
                deadlines.schedule(
                        () -> {
                            progress.expire();
                            request.cancel();
                        },
                        left.toNanos(),
                        TimeUnit.NANOSECONDS);
        try {
            Answered answered = exchange(request, context, left);
            return isVoid(answered, progress) ? aborted(progress) : answered;
        } catch (BodyReader.TooLargeException e) {
            return new Broken(Break.TOO_LARGE, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return failed(progress, e);
        } finally {
            alarm.cancel(false);
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.compareTo(limits.response()) > 0 ? limits.response() : left;
    }

    private static HttpPost request(HttpCall call) {
        HttpPost request = new HttpPost(call.address());
        call.headers().forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(call.body(), ContentType.APPLICATION_JSON));
        return request;
    }

    // Not by try-with-resources: once an answer is there, a failure to close takes nothing from it.
    private Answered exchange(HttpPost request, HttpClientContext context, Duration left)
            throws IOException {
        long until = System.nanoTime() + left.toNanos();
        ClassicHttpResponse response = client.executeOpen(null, request, context);
        boolean finished = false;
        try (AnswerMemory.Lease lease = memory.lease(until)) {
            Body body = body(response, lease);
            finished = !body.isCut();
            return new Answered(response.getCode(), headers(response), body.bytes());
        } finally {
            end(request, response, finished);
        }
    }

    private static void end(HttpPost request, ClassicHttpResponse response, boolean finished) {
        if (!finished) {
            request.cancel(); // closing an unfinished body would read it to its end
        }
        try {
            response.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection did not close cleanly");
        }
    }

    private Body body(ClassicHttpResponse response, AnswerMemory.Lease lease) throws IOException {
        if (response.getCode() < REDIRECT) {
            return BodyReader.whole(response, limits.answerBytes(), lease);
        }
        try {
            return BodyReader.beginning(response, ERROR_BYTES, lease);
        } catch (IOException e) {
            return new Body(new byte[0], true); // the status alone decides
        }
    }

    private static Map<String, String> headers(ClassicHttpResponse response) {
        Map<String, String> headers = HashMap.newHashMap(16);
        for (Header header : response.getHeaders()) {
            String value = header.getValue();
            headers.put(header.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        return headers;
    }

    /** Whether an answer cannot be trusted: a body cut by our own abort may look whole. */
    private static boolean isVoid(Answered answered, Progress progress) {
        return Thread.currentThread().isInterrupted()
                || (progress.isExpired() && answered.status() < REDIRECT);
    }

    private static Exchange failed(Progress progress, Exception e) {
        if (Thread.currentThread().isInterrupted() || progress.isExpired()) {
            return aborted(progress);
        }
        if (!progress.isSending()) {
            return new NotSent("no connection: " + e.getClass().getSimpleName());
        }
        Break kind = e instanceof SocketTimeoutException ? Break.SILENCE : Break.CONNECTION;
        return new Broken(kind, e.getClass().getSimpleName());
    }

    private static Exchange aborted(Progress progress) {
        if (Thread.currentThread().isInterrupted()) {
            return new Broken(Break.INTERRUPTED, "the call was given up");
        }
        return progress.isSending()
                ? new Broken(Break.DEADLINE, "the deadline passed")
                : new NotSent("the deadline passed before the request was sent");
    }
}
