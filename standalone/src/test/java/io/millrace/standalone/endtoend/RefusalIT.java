package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that cannot work is refused at once: one line, exit code 2, nothing left running. */
@Timeout(60)
final class RefusalIT {

    private static final List<String> FLAGS =
            List.of("--port", "--kafka-port", "--registry-port", "--admin-port");

    private final Path folder;

    RefusalIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--kafka-port", "--registry-port", "--admin-port"})
    void takenPortIsToldWithItsFlag(String flag) throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            String data = folder.resolve("data").toString();
            // When
            List<String> up = new ArrayList<>(List.of("up", "--data", data));
            FLAGS.forEach(one -> up.addAll(List.of(one, one.equals(flag) ? port : "0")));
            MillraceProcess refused = run(up.toArray(String[]::new));
            // Then
            assertRefused(refused, "port " + port + " on 127.0.0.1 is taken");
            assertThat(refused.err()).contains(flag + " ");
        }
    }

    @Test
    void unknownKeyIsToldBeforeAnythingIsStarted() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), "ingress: {prot: 1}\n");
        String data = folder.resolve("data").toString();
        // When
        MillraceProcess up = run("up", "--data", data, "--config", file.toString());
        // Then
        assertRefused(up, file + ": ingress.prot: unknown key");
    }

    private MillraceProcess run(String... arguments) {
        return MillraceProcess.start(folder.resolve("logs"), List.of(arguments));
    }

    private static void assertRefused(MillraceProcess process, String reason) {
        assertThat(process.exitCode()).as(process.err()).isEqualTo(2);
        assertThat(process.err().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: ")
                .contains(reason);
    }
}
