package io.millrace.standalone.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of the built distribution, run as a process of the operating system. */
final class MillraceProcess implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(150);
    private static final Duration GONE = Duration.ofSeconds(30);

    private final Process process;
    private final Path out;
    private final Path err;

    private MillraceProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts a command.
     *
     * @param logs folder for what it prints
     * @param arguments what one would type behind {@code ./millrace}
     */
    static MillraceProcess start(Path logs, List<String> arguments) {
        return start(logs, Map.of(), arguments);
    }

    /** Starts a command in an environment that is larger by some variables. */
    static MillraceProcess start(
            Path logs, Map<String, String> environment, List<String> arguments) {
        return start(logs, environment, "384m", arguments);
    }

    /** Starts a command with a heap of that size, as {@code -Xmx} takes it. */
    static MillraceProcess start(Path logs, String heap, List<String> arguments) {
        return start(logs, Map.of(), heap, arguments);
    }

    private static MillraceProcess start(
            Path logs, Map<String, String> environment, String heap, List<String> arguments) {
        Path home = Path.of(System.getProperty("millrace.home"));
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx" + heap));
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dmillrace.home=" + home));
        line.addAll(List.of("-cp", home.resolve("lib") + "/*"));
        line.add("io.millrace.standalone.Millrace");
        line.addAll(arguments);
        try {
            Files.createDirectories(logs);
            String name = arguments.isEmpty() ? "none" : arguments.getFirst();
            Path out = Files.createTempFile(logs, name + "-", ".out");
            Path err = Files.createTempFile(logs, name + "-", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(line)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment);
            return new MillraceProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the line that says it is ready. */
    MillraceProcess ready() {
        try {
            Await.until(
                    "ready",
                    READY,
                    () -> {
                        if (!process.isAlive()) {
                            throw new AssertionError("it ended with " + process.exitValue());
                        }
                        return out().lines().anyMatch(line -> line.contains(" ready"));
                    });
            return this;
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw new AssertionError(e.getMessage() + "\n" + out() + "\n" + tail(err()), e);
        }
    }

    /** Kills it with signal 9 and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Stops it where it stands, with SIGSTOP. */
    void freeze() {
        signal("STOP");
    }

    /** Lets it go on, with SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Asks it to stop with SIGTERM. */
    MillraceProcess terminate() {
        process.destroy();
        return this;
    }

    /** Waits for its end. */
    int exitCode() {
        return exitCode(GONE);
    }

    /** Waits for its end. */
    int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "did not end within " + patience + "\n" + out() + "\n" + tail(err()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What it printed to standard output so far. */
    String out() {
        return read(out);
    }

    /** What it printed to standard error so far. */
    String err() {
        return read(err);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The address in its ready line. */
    Optional<String> address() {
        return out().lines()
                .filter(line -> line.contains(" ready http"))
                .map(line -> line.substring(line.indexOf("http")))
                .findFirst();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        exitCode();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static String tail(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
