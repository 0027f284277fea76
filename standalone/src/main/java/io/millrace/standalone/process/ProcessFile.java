package io.millrace.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child process written down in a file, so that the next start can end it if we could not.
 *
 * <p>The file has two lines, pid and start time in epoch milliseconds: a pid alone may belong to
 * anybody by the time it is read.
 *
 * @param file where it is written
 * @param marker an argument that only our child has, near the front of its command line (Linux
 *     shows the first 4 KiB)
 */
public record ProcessFile(Path file, String marker) {

    private static final Duration POLITE = Duration.ofSeconds(5);
    private static final Duration FORCED = Duration.ofSeconds(5);

    /** Start times are told against the boot time, which moves when the clock is set. */
    private static final long DRIFT_MILLIS = 5_000;

    /** Writes the child down. */
    public void write(ProcessHandle child) {
        long started = child.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        try {
            Files.writeString(file, child.pid() + "\n" + started + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Forgets the child, which has ended. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    /**
     * Ends the child of an earlier start if it still runs.
     *
     * @return its pid, if there was one to end
     */
    public Optional<Long> endLeftOver() {
        Optional<ProcessHandle> leftOver = leftOver();
        leftOver.ifPresent(ProcessFile::end);
        delete();
        return leftOver.map(ProcessHandle::pid);
    }

    private Optional<ProcessHandle> leftOver() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            long pid = Long.parseLong(lines.get(0));
            long started = Long.parseLong(lines.get(1));
            return ProcessHandle.of(pid).filter(process -> isOurs(process, started));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            return Optional.empty(); // half written when we died: not worth a guess
        }
    }

    private boolean isOurs(ProcessHandle process, long started) {
        ProcessHandle.Info info = process.info();
        boolean sameStart =
                info.startInstant()
                        .filter(start -> Math.abs(start.toEpochMilli() - started) <= DRIFT_MILLIS)
                        .isPresent();
        boolean sameMarker =
                info.arguments().map(arguments -> List.of(arguments).contains(marker)).orElse(true);
        return process.isAlive() && sameStart && sameMarker;
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        if (!hasEnded(process, POLITE)) {
            process.destroyForcibly();
            hasEnded(process, FORCED);
        }
    }

    private static boolean hasEnded(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
