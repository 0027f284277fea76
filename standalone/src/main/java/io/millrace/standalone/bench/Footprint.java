package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The most memory and threads that a process had while it was watched; Linux tells them. */
final class Footprint implements AutoCloseable {

    private static final long LOOK_NANOS = 200_000_000;

    private final AtomicLong kibibytes = new AtomicLong();
    private final AtomicInteger threads = new AtomicInteger();
    private final Path status;
    private volatile boolean watching = true;

    private Footprint(long pid) {
        this.status = Path.of("/proc", Long.toString(pid), "status");
        var _ = Thread.ofPlatform().name("footprint").daemon().start(this::watch);
    }

    /** Watches a process until it is closed. */
    static Footprint of(long pid) {
        return new Footprint(pid);
    }

    /** Returns the most resident memory seen, in MiB; 0 where the system does not tell. */
    double mebibytes() {
        return kibibytes.get() / 1024.0;
    }

    /** Returns the most threads of the operating system seen; 0 where it does not tell. */
    int threads() {
        return threads.get();
    }

    @Override
    public void close() {
        watching = false; // the watcher, a daemon, sees it within one look
    }

    private void watch() {
        while (watching) {
            try {
                Files.readAllLines(status).forEach(this::read);
            } catch (IOException _) {
                return; // it has ended, or this is no Linux
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void read(String line) {
        if (line.startsWith("VmRSS:")) {
            kibibytes.accumulateAndGet(number(line), Math::max);
        } else if (line.startsWith("Threads:")) {
            threads.accumulateAndGet((int) number(line), Math::max);
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
