package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a checkout of its own, with a JDK and a Maven that only say what they got.
 */
class LauncherTest {

    private static final String JAVA =
            """
            #!/bin/sh
            for argument; do last=$argument; echo "[$argument]"; done
            echo "class path $CLASSPATH"
            case $last in [0-9]*) exit "$last" ;; esac
            """;
    private static final String MAVEN =
            """
            #!/bin/sh
            if [ "$1" = -v ]; then echo "Apache Maven ${MAVEN_IS:-3.9.1} (x)"; exit; fi
            if [ -n "$MAVEN_FAILS" ]; then echo "cannot compile"; exit 1; fi
            echo "$@" >> "$MAVEN_CALLS"
            """;

    @TempDir private Path temp = Path.of("");

    private Path root = Path.of("");
    private Path jdk = Path.of("");
    private Path calls = Path.of("");

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        root = temp.resolve("a check out");
        jdk = temp.resolve("a jdk");
        calls = temp.resolve("calls");
        program(root.resolve("millrace"), Files.readString(Path.of("..", "millrace")));
        program(jdk.resolve("bin/java"), JAVA);
        program(jdk.resolve("bin/javac"), "");
        program(temp.resolve("bin/mvn"), MAVEN);
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.createDirectories(root.resolve("ingress/src/main"));
        Files.writeString(root.resolve("ingress/src/main/A.java"), "");
        Files.writeString(root.resolve("ingress/pom.xml"), "");
        Files.writeString(root.resolve("pom.xml"), "");
        Files.createDirectories(root.resolve("standalone/target/dist/registry"));
        Files.createDirectories(root.resolve("standalone/target/dist/lib"));
        for (String jar : List.of("b.jar", "B.jar", "a.jar")) {
            Files.writeString(root.resolve("standalone/target/dist/lib").resolve(jar), "");
        }
    }

    @Test
    void aBuiltCheckoutRunsAtOnceFromAnywhereThroughALink() throws Exception {
        // Given
        built();
        Path link = Files.createSymbolicLink(temp.resolve("link"), root.resolve("millrace"));

        // When
        Outcome outcome = run(Map.of(), link.toString(), "batch", "a file", "7");

        // Then
        String lib = root.resolve("standalone/target/dist/lib").toRealPath().toString();
        assertThat(outcome.code()).isEqualTo(7);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("[io.millrace.standalone.Millrace]\n[batch]\n[a file]\n[7]\n")
                .contains("class path %s/B.jar:%s/a.jar:%s/b.jar\n".formatted(lib, lib, lib));
        assertThat(calls).doesNotExist();
    }

    @Test
    void ownJvmOptionsComeLast() throws Exception {
        // Given
        built();

        // When
        Outcome outcome = run(Map.of("MILLRACE_JAVA_OPTS", "-Xmx2g -Da=b"), launcher(), "up");

        // Then
        assertThat(outcome.out())
                .containsSubsequence("[-Xmx384m]", "[-Xmx2g]", "[-Da=b]", "Millrace]", "[up]");
    }

    @Test
    void aNewerSourceIsBuiltFirst() throws Exception {
        // Given
        built();
        Path source = root.resolve("ingress/src/main/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

        // When
        Outcome outcome = run(Map.of(), launcher(), "up", "0");

        // Then
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).startsWith("millrace: building").hasLineCount(1);
        assertThat(calls).content().contains("package", "-Dmaven.test.skip");
    }

    @Test
    void aFailedBuildShowsItsLog() throws Exception {
        // When
        Outcome outcome = run(Map.of("MAVEN_FAILS", "yes"), launcher(), "up");

        // Then
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("cannot compile", "millrace: the build failed");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void anOldMavenIsRefused() throws Exception {
        // When
        Outcome outcome = run(Map.of("MAVEN_IS", "3.8.6"), launcher(), "up");

        // Then
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("millrace: mvn is version 3.8.6; install Maven 3.8.7 or newer\n");
    }

    @Test
    void verifyHandsItsArgumentsToMaven() throws Exception {
        // When
        Outcome outcome = run(Map.of(), launcher(), "verify", "-q", "-Dquick");

        // Then
        assertThat(outcome.code()).isZero();
        assertThat(calls).content().endsWith("verify -q -Dquick\n");
    }

    private String launcher() {
        return root.resolve("millrace").toString();
    }

    private void built() throws IOException {
        Path stamp = Files.createFile(root.resolve("standalone/target/dist/built"));
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().plusSeconds(30)));
    }

    private Outcome run(Map<String, String> environment, String... line)
            throws IOException, InterruptedException {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(temp.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> inherited = builder.environment();
        inherited.put("JAVA_HOME", jdk.toString());
        inherited.put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
        inherited.put("MAVEN_CALLS", calls.toString());
        inherited.put("MILLRACE_AOT", "off");
        inherited.remove("MILLRACE_JAVA_OPTS");
        inherited.putAll(environment);
        int code = builder.start().waitFor();
        return new Outcome(
                code,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
