package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.simulatedprovider.ledger.LedgerDestination;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedProviderConfigTest {

    @Test
    void noArgumentsAreTheDefaults() {
        assertThat(Command.of(List.of()))
                .isEqualTo(new Command.Serve(SimulatedProviderConfig.DEFAULTS));
    }

    @Test
    void everyOptionIsRead() {
        // When
        Command command =
                Command.of(
                        List.of(
                                "--port",
                                "1",
                                "--ledger",
                                "a.jsonl",
                                "--seed",
                                "-2",
                                "--requests-per-minute",
                                "3",
                                "--tokens-per-minute",
                                "5",
                                "--api-key",
                                "k",
                                "--api-key",
                                "l",
                                "--limits-per-key",
                                "--tls",
                                "ca.pem",
                                "--max-calls",
                                "4"));

        // Then
        assertThat(command)
                .isEqualTo(
                        new Command.Serve(
                                new SimulatedProviderConfig(
                                        1,
                                        new LedgerDestination.File(Path.of("a.jsonl")),
                                        -2,
                                        new SimulatedProviderConfig.Limits(3, 5, true),
                                        List.of("k", "l"),
                                        4,
                                        new Encryption.Tls(Path.of("ca.pem")))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 65536 | port must be between 0 and 65535, but was 65536",
                "--port x     | an option that takes a number has none: For input string: \"x\"",
                "--port       | --port needs a value",
                "--max-calls 0 | max-calls must be between 1 and 100000, but was 0",
                "--requests-per-minute -1 | requests-per-minute must be between 0 and 1000000, but was -1",
                "--prot 1     | unknown option '--prot'"
            })
    void refusalNamesTheOption(String arguments, String reason) {
        assertThat(Command.of(List.of(arguments.split(" ", -1))))
                .isEqualTo(new Command.Wrong(reason));
    }

    @Test
    void helpHasTheGrammarOfModelNames() {
        assertThat(Command.of(List.of("--help"))).isEqualTo(new Command.Help());
        assertThat(SimulatedProviderMain.HELP).contains("--ledger", "sim-20..80ms");
    }

    @Test
    void keyIsNotPrinted() {
        assertThat(SimulatedProviderConfig.DEFAULTS.withApiKeys(List.of("secret")).toString())
                .doesNotContain("secret");
    }

    @Test
    void rangesHoldWithoutTheReaderToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedProviderConfig.DEFAULTS.withPort(-1));
    }
}
