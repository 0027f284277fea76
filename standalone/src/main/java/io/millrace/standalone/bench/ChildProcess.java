package io.millrace.standalone.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command of Millrace that runs as our child. */
final class ChildProcess implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration POLITE = Duration.ofSeconds(15);

    private final String name;
    private final Process process;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a command and returns once it says that it is ready.
     *
     * @param arguments what one would type behind {@code ./millrace}
     * @param log where its standard error goes
     */
    static ChildProcess start(String name, List<String> arguments, Path log)
            throws InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        String home = System.getProperty("millrace.home");
        if (home != null) {
            line.add("-Dmillrace.home=" + home);
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add("io.millrace.standalone.Millrace");
        line.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(line).redirectError(Redirect.to(log.toFile())).start();
            ChildProcess child = new ChildProcess(name, process);
            child.awaitReady(log);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Processor time it and its own children have used. */
    Duration cpu() {
        return process.descendants()
                .map(ChildProcess::cpu)
                .reduce(cpu(process.toHandle()), Duration::plus);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Duration cpu(ProcessHandle handle) {
        return handle.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Reads on until the end, so that a full pipe never stops the child. */
    private void awaitReady(Path log) throws InterruptedException {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        // reading a pipe holds on to a carrier: a few children, and no virtual thread would run
        Thread.ofPlatform()
                .daemon()
                .name("output-of-" + name)
                .start(() -> {
                    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = out.readLine(); line != null; line = out.readLine()) {
                            if (line.contains(" ready")) {
                                ready.complete(true);
                            }
                        }
                    } catch (IOException _) {
                        // it has ended
                    }
                    ready.complete(false);
                });
        try {
            if (ready.get(READY.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (ExecutionException | TimeoutException _) {
            // told below
        } catch (InterruptedException e) {
            close();
            throw e;
        }
        close();
        throw new BenchException("%s did not get ready, see %s".formatted(name, log));
    }
}
