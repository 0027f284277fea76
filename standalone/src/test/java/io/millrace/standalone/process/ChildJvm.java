package io.millrace.standalone.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the tests' class path, so that a test can kill it. */
public final class ChildJvm implements AutoCloseable {

    private static final List<String> FLAGS =
            List.of(
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a main class; its errors go to {@code errors}. */
    public static ChildJvm start(Path errors, Class<?> main, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.addAll(List.of("-cp", classPath(), main.getName()));
        line.addAll(List.of(arguments));
        File file = errors.toFile();
        return new ChildJvm(new ProcessBuilder(line).redirectError(file).start());
    }

    /** Its next line of output; waits for it. */
    public String nextLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the child ended without a word");
        }
        return line;
    }

    /** kill -9, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** SIGTERM, and waits for its exit code. */
    public int terminate() throws InterruptedException {
        process.toHandle().destroy(); // Process.destroy() would close its output too
        return awaitExit();
    }

    /** Waits for its exit code. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the child does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Surefire starts its own JVM with a jar that only names the class path. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", ""));
    }
}
