package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.process.Lifetime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user must put right is told in one line, with exit code 2. */
final class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;

    CommandsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tenant: []                             | tenant: unknown key",
                "kafka: {slots: many}                   | kafka.slots: must be a whole number",
                "kafka: {slots: 0}                      | kafka.slots: must be between 1 and 1296",
                "kafka: {schema-registry: nowhere}      | kafka.schema-registry: must be",
                "ingress: {prot: 1}                     | ingress.prot: unknown key",
                "ingress: 8080                          | ingress: must be a mapping",
                "dispatcher: {drain: soon}              | dispatcher.drain: must be a duration",
                "usage-aggregator: {port: 70000}        | usage-aggregator.port: must be between",
                "providers: [{name: a, dialect: morse}] | providers[0].dialect: must be one of",
                "auth: {master-key: short}              | auth.master-key: must have at least 32",
                "auth: {master-key: '${NOT_SET_HERE}'}  | auth.master-key: environment variable"
                        + " NOT_SET_HERE is not set",
                "blobs: {s3: {bucket: b}}               | blobs.s3: unknown key",
                "kafka: [                               | line",
            })
    void fileIsRefusedByTheNameOfItsKey(String yaml, String reason) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml + "\n");
        // When
        int code = run("config", "check", file.toString());
        // Then
        assertRefused(code, "millrace: " + file + ": " + reason);
    }

    @Test
    void secretOfATenantMustBeThere() throws IOException {
        // Given
        Path file =
                Files.writeString(
                        folder.resolve("millrace.yaml"),
                        """
                        auth: {master-key: 0123456789012345678901234567890123}
                        tenants: [{name: a, keys: [{name: k, secret: "${NOT_SET_HERE}"}]}]
                        """);
        // When
        int code = run("config", "check", file.toString());
        // Then
        assertRefused(
                code,
                "millrace: %s: tenants[0].keys[0].secret: environment variable NOT_SET_HERE"
                        .formatted(file));
    }

    @Test
    void fileThatEveryServiceCanReadIsOk() throws IOException {
        // Given
        Path file =
                Files.writeString(
                        folder.resolve("millrace.yaml"),
                        "auth: {master-key: 0123456789012345678901234567890123}\n");
        // When
        int code = run("config", "check", file.toString());
        // Then
        assertThat(code).as(err.toString()).isEqualTo(ExitCodes.DONE);
        assertThat(out.toString().strip()).isEqualTo(file + ": ok");
    }

    @Test
    void missingFileIsToldByName() {
        // Given
        Path file = folder.resolve("none.yaml");
        // Then
        assertRefused(
                run("config", "check", file.toString()),
                "millrace: " + file + ": there is no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "up --nonsense",
                "up --port x",
                "ingress",
                "dispatcher",
                "config",
                "config check",
                "batch",
                "batch submit",
                "batch status --url http://127.0.0.1:1",
                "documents",
                "documents .",
                "simulated-provider"
            })
    void wrongUsageIsToldInOneLine(String line) {
        assertRefused(run(words(line)), "millrace: ");
        assertThat(err.toString()).contains("--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "up",
                "ingress",
                "dispatcher",
                "usage-aggregator",
                "broker",
                "simulated-provider",
                "bench",
                "config",
                "config check",
                "batch",
                "batch submit",
                "batch status",
                "batch results",
                "batch cancel",
                "documents",
                "docs",
                "aot-training"
            })
    void everyCommandExplainsItself(String command) {
        // When
        int code = run(words(command + " --help"));
        // Then
        assertThat(code).isEqualTo(ExitCodes.DONE);
        assertThat(out.toString()).startsWith("Usage: millrace " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--tokens-per-minute -1",
                "--requests-per-minute 9000000",
                "--tls /no/such/folder/ca.pem",
                "--ledger /no/such/folder/calls.jsonl"
            })
    void optionsOfTheSimulatedProviderAreRefusedByTheirName(String option) {
        // When
        int code = run(words("simulated-provider --port 0 " + option));
        // Then
        assertThat(code).isEqualTo(ExitCodes.REFUSED);
        assertThat(err.toString()).contains(option.substring(0, option.indexOf(' ')));
    }

    private static String[] words(String line) {
        return line.isBlank() ? new String[0] : line.strip().split(" ", -1);
    }

    private int run(String... arguments) {
        return Commands.in(Lifetime.withoutSignals())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void assertRefused(int code, String reason) {
        List<String> lines = err.toString().lines().toList();
        assertThat(code).as(err.toString()).isEqualTo(ExitCodes.REFUSED);
        assertThat(lines).singleElement().asString().startsWith(reason);
    }
}
