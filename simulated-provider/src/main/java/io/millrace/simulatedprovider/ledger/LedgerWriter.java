package io.millrace.simulatedprovider.ledger;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends entries to a file on a thread of its own.
 *
 * <p>Callers wait when the queue is full. After the file could not be written once, every call is
 * refused: a ledger with holes would accuse the innocent. Thread-safe.
 */
final class LedgerWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);
    private static final int QUEUE = 65_536;
    private static final int BATCH = 4_096;
    private static final int BUFFER = 256 * 1024;

    // Waking for each entry costs a tenth of a core at 5,000 calls/s, waking every 2 ms next to
    // nothing.
    private static final Duration GATHER = Duration.ofMillis(2);
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(10);

    private sealed interface Item {}

    private record Line(LedgerEntry entry) implements Item {}

    private record Mark(CountDownLatch reached, boolean last) implements Item {}

    private final Path file;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile @Nullable IOException failure;

    private LedgerWriter(Path file, OutputStream out) {
        this.file = file;
        this.thread = Thread.ofPlatform().daemon().name("ledger-writer").start(() -> run(out));
    }

    static LedgerWriter append(Path file) throws IOException {
        OutputStream out =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new LedgerWriter(file, new BufferedOutputStream(out, BUFFER));
    }

    void write(LedgerEntry entry) {
        put(new Line(entry));
    }

    /** Returns when everything written before is with the operating system. */
    void flush() {
        mark(false);
    }

    @Override
    public void close() {
        if (thread.isAlive()) {
            mark(true);
        }
    }

    private void mark(boolean last) {
        Mark mark = new Mark(new CountDownLatch(1), last);
        put(mark);
        try {
            if (!mark.reached().await(FLUSH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "ledger %s was not written within %s".formatted(file, FLUSH_LIMIT));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        refuseAfterFailure();
    }

    private void put(Item item) {
        refuseAfterFailure();
        try {
            queue.put(item);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void refuseAfterFailure() {
        IOException cause = failure;
        if (cause != null) {
            throw new UncheckedIOException("ledger " + file + " cannot be written", cause);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for the ledger", cause);
    }

    private void run(OutputStream out) {
        List<Item> batch = new ArrayList<>(BATCH);
        boolean open = true;
        while (open) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                log.atWarn().setCause(e).log("The ledger's thread was interrupted and goes on");
                continue;
            }
            LockSupport.parkNanos(GATHER.toNanos());
            queue.drainTo(batch, BATCH - 1);
            writeOrFail(batch, out);
            open = release(batch);
        }
        try {
            out.close();
        } catch (IOException e) {
            log.atError().addKeyValue("file", file).setCause(e).log("The ledger was not closed");
        }
    }

    private void writeOrFail(List<Item> batch, OutputStream out) {
        if (failure != null) {
            return;
        }
        try {
            for (Item item : batch) {
                switch (item) {
                    case Line(LedgerEntry entry) -> LedgerLine.write(entry, out);
                    case Mark _ -> {}
                }
            }
            out.flush();
        } catch (IOException e) {
            failure = e;
            log.atError().addKeyValue("file", file).setCause(e).log("The ledger cannot be written");
        }
    }

    /** Lets those who wait go on; false when one of them asked for the end. */
    private static boolean release(List<Item> batch) {
        boolean open = true;
        for (Item item : batch) {
            if (item instanceof Mark(CountDownLatch reached, boolean last)) {
                reached.countDown();
                open &= !last;
            }
        }
        return open;
    }
}
