package io.millrace.simulatedprovider.ledger;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Started;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Every call of a provider, numbered, counted and written down. Thread-safe. */
public final class Ledger implements AutoCloseable {

    private final InstantSource clock;
    private final AtomicLong lastCall;
    private final LedgerCounters counters = new LedgerCounters();
    private final @Nullable LedgerWriter writer;

    private Ledger(InstantSource clock, long lastCall, @Nullable LedgerWriter writer) {
        this.clock = clock;
        this.lastCall = new AtomicLong(lastCall);
        this.writer = writer;
    }

    /** Opens a ledger; in a file that exists it goes on after the last call. */
    public static Ledger open(LedgerDestination destination, InstantSource clock)
            throws IOException {
        return switch (destination) {
            case LedgerDestination.CountersOnly() -> new Ledger(clock, 0, null);
            case LedgerDestination.File(Path path) ->
                    new Ledger(clock, repairedEnd(path), LedgerWriter.append(path));
        };
    }

    /** Records that a call starts now. */
    public OpenCall start(CallOrigin origin) {
        long number = lastCall.incrementAndGet();
        counters.start();
        if (writer != null) {
            writer.write(
                    new Started(
                            number,
                            now(),
                            origin.job(),
                            origin.attempt(),
                            origin.traceparent(),
                            origin.path(),
                            origin.model()));
        }
        return new OpenCall(this, number, origin.job());
    }

    /** Counts up, after everything recorded before has reached the file. */
    public LedgerSummary summary() {
        if (writer != null) {
            writer.flush();
        }
        return counters.summary();
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }

    void end(Ended call) {
        counters.end(call);
        if (writer != null) {
            writer.write(call);
        }
    }

    Instant now() {
        return clock.instant();
    }

    /** Cuts off the torn line that a kill may have left, and returns the greatest number used. */
    private static long repairedEnd(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        long[] greatest = {0};
        LedgerFile.forEach(file, entry -> greatest[0] = Math.max(greatest[0], entry.call()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(LedgerFile.wholeLength(file));
        }
        return greatest[0];
    }
}
