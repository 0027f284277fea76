package io.millrace.standalone.registry;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the registry's JVM is started.
 *
 * <p>Apicurio comes as a Quarkus "fast jar" whose own class loader hides its classes from an AOT
 * cache. So its jars go on a plain class path, in the order that loader would search them, and
 * {@link RegistryMain} calls its entry point: ready in 1.3 s with a cache of that kind, 2.0 s with
 * a cache behind the loader, 2.6 s by the loader and without a cache. The paths are relative to the
 * registry's folder, so that a cache stays valid when the folder moves.
 */
final class RegistryCommandLine {

    private static final String AOT_CACHE = "registry.aot";
    private static final List<String> MEMORY =
            List.of(
                    "-Xmx96m",
                    "-Xmn32m",
                    "-Xss256k",
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=20",
                    // only reserved: with less, the start has a full collection to look for code
                    "-XX:ReservedCodeCacheSize=200m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError");
    private static final List<String> ACCESS =
            List.of(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private final RegistryConfig config;

    RegistryCommandLine(RegistryConfig config) {
        this.config = config;
    }

    /** An argument near the front by which a left-over child is told from any other process. */
    String marker() {
        return "-Dmillrace.registry=" + config.pidFile();
    }

    /** Where a training run leaves the cache that later starts use. */
    Path aotCache() {
        return config.distribution().cache().resolve(AOT_CACHE);
    }

    /** For use: with the AOT cache if there is one, and ended when our end of its stdin closes. */
    List<String> forUse(int port) {
        boolean cached = Files.exists(aotCache());
        List<String> aot =
                cached ? List.of("-XX:AOTCache=" + aotCache(), "-Xlog:aot=off") : List.of();
        return line(port, aot, classPath() + ":" + ownCode(), RegistryMain.class.getName());
    }

    /** For training: without our own code, which may change while the cache stays valid. */
    List<String> forTraining(int port, Path output) {
        return line(
                port,
                List.of("-XX:AOTCacheOutput=" + output),
                classPath(),
                RegistryMain.ENTRY_POINT);
    }

    private List<String> line(int port, List<String> aot, String classPath, String main) {
        List<String> line = new ArrayList<>();
        // Ctrl-C reaches the whole process group; the registry must outlive the services that drain
        line.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "registry"));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add(marker());
        line.addAll(MEMORY);
        line.addAll(ACCESS);
        line.addAll(aot);
        settings(port).forEach(setting -> line.add("-D" + setting));
        line.addAll(List.of("-cp", classPath, main));
        return line;
    }

    private List<String> settings(int port) {
        return List.of(
                "java.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "java.util.logging.manager=org.jboss.logmanager.LogManager",
                "quarkus.http.host=127.0.0.1",
                "quarkus.http.port=" + port,
                // listens on all interfaces by default
                "quarkus.management.host=127.0.0.1",
                "quarkus.management.port=0",
                "quarkus.http.access-log.enabled=false",
                "quarkus.banner.enabled=false",
                "quarkus.log.level=WARN",
                "quarkus.thread-pool.max-threads=8",
                "quarkus.vertx.event-loops-pool-size=2",
                "apicurio.rules.global.compatibility=FULL_TRANSITIVE",
                "apicurio.datasource.jdbc.initial-size=1",
                "apicurio.datasource.jdbc.min-size=1",
                "apicurio.datasource.jdbc.max-size=8",
                // by default a commit reaches the file up to 500 ms later: a kill would lose it
                "apicurio.datasource.url=jdbc:h2:file:%s;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
                        .formatted(config.database()));
    }

    private String classPath() {
        Path home = config.distribution().registry();
        List<String> jars = new ArrayList<>();
        jars.add("quarkus/transformed-bytecode.jar");
        jars.add("quarkus/generated-bytecode.jar");
        for (String folder : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> entries = Files.list(home.resolve(folder))) {
                entries.map(jar -> folder + "/" + jar.getFileName()).sorted().forEach(jars::add);
            } catch (IOException e) {
                throw new RefusedException("no schema registry in " + home + ": " + e, e);
            }
        }
        return String.join(":", jars);
    }

    private static Path ownCode() {
        try {
            return Path.of(
                    RegistryMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own jar has no path", e);
        }
    }
}
