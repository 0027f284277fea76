package io.millrace.standalone.registry;

import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.PortTakenException;
import io.millrace.standalone.process.ProcessFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry that runs as our child: Apicurio with a database file, Confluent's API, every
 * subject {@code FULL_TRANSITIVE}.
 *
 * <p>It ends when it is closed, when this JVM ends, and if neither worked at the next start on the
 * same pid file.
 */
public final class RegistryProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryProcess.class);
    private static final Duration POLITE = Duration.ofSeconds(4);
    private static final long MAX_LOG_BYTES = 8L * 1024 * 1024;

    /** A training run writes some 100 MB after its last line of code. */
    private static final Duration CACHE_WRITTEN = Duration.ofMinutes(3);

    private final Process process;
    private final ProcessFile pidFile;
    private final int port;

    private RegistryProcess(Process process, ProcessFile pidFile, int port) {
        this.process = process;
        this.pidFile = pidFile;
        this.port = port;
    }

    /**
     * Starts the registry and returns once it answers.
     *
     * @throws PortTakenException if another process listens where it should
     * @throws RegistryStartException if it ends or stays silent
     */
    public static RegistryProcess start(RegistryConfig config) throws InterruptedException {
        RegistryCommandLine commandLine = new RegistryCommandLine(config);
        LoopbackPort port = cleared(config, commandLine);
        return started(config, commandLine, commandLine.forUse(port.number()), port);
    }

    /**
     * Runs a registry for practice, and leaves the AOT cache that makes later starts quick; does
     * nothing when one is there, since its jars change only with its version.
     *
     * @throws RegistryStartException if it ends or stays silent, or if no cache came of it
     */
    public static void trainOnce(RegistryConfig config) throws InterruptedException {
        RegistryCommandLine commandLine = new RegistryCommandLine(config);
        if (Files.exists(commandLine.aotCache())) {
            return;
        }
        makeFolder(config.distribution().cache());
        LoopbackPort port = cleared(config, commandLine);
        Path output = commandLine.aotCache().resolveSibling("registry.aot.new");
        List<String> line = commandLine.forTraining(port.number(), output);
        try (RegistryProcess registry = started(config, commandLine, line, port)) {
            RegistryPractice.on(registry.url());
            registry.process.destroy();
            registry.process.waitFor(CACHE_WRITTEN.toMillis(), TimeUnit.MILLISECONDS);
        }
        try {
            Files.move(output, commandLine.aotCache(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RegistryStartException("left no AOT cache", config.log(), e);
        }
    }

    /** Base address of the registry itself, such as {@code http://127.0.0.1:8081}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** Address for clients of Confluent's API. */
    public String url() {
        return baseUrl() + RegistryProbe.CONFLUENT_API;
    }

    public int port() {
        return port;
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Ends the registry, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        pidFile.delete();
    }

    private static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }

    /** Makes room: ends what an earlier start left behind, then looks at the port. */
    private static LoopbackPort cleared(RegistryConfig config, RegistryCommandLine commandLine) {
        new ProcessFile(config.pidFile(), commandLine.marker())
                .endLeftOver()
                .ifPresent(pid ->
                        LOG.atWarn()
                                .addKeyValue("pid", pid)
                                .log("ended a registry that an earlier start left"));
        return config.port().claimed();
    }

    private static RegistryProcess started(
            RegistryConfig config,
            RegistryCommandLine commandLine,
            List<String> line,
            LoopbackPort port)
            throws InterruptedException {
        ProcessFile pidFile = new ProcessFile(config.pidFile(), commandLine.marker());
        RegistryProcess registry =
                new RegistryProcess(launched(config, line), pidFile, port.number());
        try {
            pidFile.write(registry.process.toHandle());
            new RegistryProbe(registry.process, registry.url(), config).awaitReady();
            return registry;
        } catch (RuntimeException | InterruptedException e) {
            registry.close();
            throw e;
        }
    }

    private static Process launched(RegistryConfig config, List<String> line) {
        try {
            makeRoom(config.log());
            ProcessBuilder builder =
                    new ProcessBuilder(line)
                            .directory(config.distribution().registry().toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.appendTo(config.log().toFile()));
            // 8 arenas a core of glibc's malloc cost some 10 MB here
            builder.environment().put("MALLOC_ARENA_MAX", "1");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the schema registry", e);
        }
    }

    /** The log is appended to, but not for ever: the last full one is kept beside it. */
    private static void makeRoom(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(
                    log,
                    log.resolveSibling(log.getFileName() + ".old"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
