package io.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackPortTest {

    @Test
    void zeroBecomesAFreePort() {
        // When
        LoopbackPort claimed = new LoopbackPort(0, "--port").claimed();

        // Then
        assertThat(claimed.number()).isBetween(1, 65_535);
        assertThat(claimed.claimed()).isEqualTo(claimed);
    }

    @Test
    void aTakenPortIsRefusedAndNamesItsFlag() throws IOException {
        // Given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = other.getLocalPort();

            // Then
            assertThatThrownBy(() -> new LoopbackPort(port, "--kafka-port").claimed())
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage(
                            "port %d on 127.0.0.1 is taken by another process; choose another with"
                                    + " --kafka-port (0 means a free one)",
                            port);
        }
    }

    @Test
    void freePortsOfOneProcessDiffer() {
        // When
        List<LoopbackPort> claimed =
                LoopbackPort.claimed(Collections.nCopies(500, new LoopbackPort(0, "--port")));

        // Then
        assertThat(claimed).doesNotHaveDuplicates().hasSize(500);
    }

    @Test
    void aPortThatTwoPartsWantIsRefused() {
        // Given
        LoopbackPort first = new LoopbackPort(0, "--port").claimed();
        LoopbackPort second = new LoopbackPort(first.number(), "--kafka-port");

        // Then
        assertThatThrownBy(() -> LoopbackPort.claimed(List.of(first, second)))
                .isInstanceOf(PortTakenException.class)
                .hasMessageContaining("--kafka-port");
    }

    @Test
    void portsComeInTheOrderOfTheWishes() {
        // Given
        LoopbackPort given = new LoopbackPort(0, "--kafka-port").claimed();

        // When
        List<LoopbackPort> claimed =
                LoopbackPort.claimed(List.of(new LoopbackPort(0, "--port"), given));

        // Then
        assertThat(claimed)
                .extracting(LoopbackPort::flag)
                .containsExactly("--port", "--kafka-port");
        assertThat(claimed.getLast()).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void aNumberThatIsNoPortIsRefused(int number) {
        assertThatThrownBy(() -> new LoopbackPort(number, "--port"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("--port must be between 0 and 65535, but was " + number);
    }
}
