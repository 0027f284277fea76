package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user must put right is told in one line, with exit code 2. */
@Timeout(60)
final class RefusalIT {

    private final Path folder;

    RefusalIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tenant: []                                     | tenant: unknown key
                    kafka: {slots: many}                           | kafka.slots: must be a whole number
                    ingress: {prot: 1}                             | ingress.prot: unknown key
                    dispatcher: {drain: soon}                      | dispatcher.drain: must be a duration
                    providers: [{name: a, dialect: morse}]         | providers[0].dialect: must be one of
                    tenants: [{name: a, keys: [{name: k, secret: "${NOT_SET_ANYWHERE}"}]}] | tenants[0].keys[0].secret: environment variable NOT_SET_ANYWHERE is not set
                    auth: {master-key: short}                      | auth.master-key: must have at least 32 bytes
                    kafka: [                                       | line
                    """)
    void fileIsCheckedByNameOfItsKey(String yaml, String reason) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml + "\n");
        // When
        MillraceProcess check = run("config", "check", file.toString());
        // Then
        assertRefused(check, file + ": " + reason);
    }

    @Test
    void goodFileIsOk() throws IOException {
        // Given
        Path file =
                Files.writeString(
                        folder.resolve("millrace.yaml"),
                        "auth: {master-key: 0123456789012345678901234567890123}\n");
        // When
        MillraceProcess check = run("config", "check", file.toString());
        // Then
        assertThat(check.exitCode()).as(check.err()).isZero();
        assertThat(check.out().strip()).isEqualTo(file + ": ok");
    }

    @Test
    void takenPortIsToldWithItsFlag() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            String data = folder.resolve("data").toString();
            // When
            MillraceProcess up = run("up", "--data", data, "--port", port);
            // Then
            assertRefused(up, "port " + port + " on 127.0.0.1 is taken");
            assertThat(up.err()).contains("--port");
        }
    }

    @Test
    void missingFileIsToldByName() {
        assertRefused(
                run("ingress", "--config", folder.resolve("none.yaml").toString()),
                folder.resolve("none.yaml") + ": cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"up --nonsense", "nonsense", "ingress", "config", "simulated-provider"})
    void wrongUsageIsToldInOneLine(String line) {
        assertRefused(run(line.split(" ")), "");
    }

    @Test
    void everyCommandExplainsItself() {
        // Given
        Stream<MillraceProcess> helps =
                Stream.of(
                                "",
                                "demo",
                                "up",
                                "ingress",
                                "dispatcher",
                                "usage-aggregator",
                                "broker",
                                "simulated-provider",
                                "bench",
                                "config check")
                        .map(command -> run((command + " --help").strip().split(" ")));
        // Then
        assertThat(helps)
                .allSatisfy(help -> {
                    assertThat(help.exitCode()).as(help.err()).isZero();
                    assertThat(help.out()).startsWith("Usage: millrace");
                });
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
