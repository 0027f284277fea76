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
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP client of one provider. Thread-safe; calls come from virtual threads, whose interrupt
 * closes the connection at once.
 */
public final class ProviderHttp implements AutoCloseable {

    // What an error says is worth this much.
    private static final int ERROR_BYTES = 64 * 1024;
    private static final int REDIRECT = 300;

    private final HttpLimits limits;
    private final AnswerMemory memory;
    private final InstantSource clock;
    private final Wire wire;
    private final ScheduledThreadPoolExecutor deadlines;

    public ProviderHttp(
            HttpLimits limits, Transport transport, AnswerMemory memory, InstantSource clock) {
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
        this.wire =
                switch (transport.version()) {
                    case V1_1 -> new ClassicWire(limits, transport.trust());
                    case V2 -> new MultiplexedWire(limits, transport.trust());
                };
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
        Progress progress = new Progress();
        Wire.Posting posting = wire.posting(call, progress);
        Future<?> alarm =
                deadlines.schedule(
                        () -> {
                            progress.expire();
                            posting.cancel();
                        },
                        left.toNanos(),
                        TimeUnit.NANOSECONDS);
        try {
            Answered answered = exchange(posting, left);
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
        wire.close();
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.compareTo(limits.response()) > 0 ? limits.response() : left;
    }

    // Not by try-with-resources: once an answer is there, a failure to close takes nothing from it.
    private Answered exchange(Wire.Posting posting, Duration left) throws IOException {
        long until = System.nanoTime() + left.toNanos();
        Wire.Reply reply = posting.send(left);
        boolean finished = false;
        try (AnswerMemory.Lease lease = memory.lease(until)) {
            Body body = body(reply, lease);
            finished = !body.isCut();
            return new Answered(reply.status(), reply.headers(), body.bytes());
        } finally {
            reply.leave(finished);
        }
    }

    private Body body(Wire.Reply reply, AnswerMemory.Lease lease) throws IOException {
        if (reply.status() < REDIRECT) {
            return BodyReader.whole(reply, limits.answerBytes(), lease);
        }
        try {
            return BodyReader.beginning(reply, ERROR_BYTES, lease);
        } catch (IOException e) {
            return new Body(new byte[0], true); // the status alone decides
        }
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
