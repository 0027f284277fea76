package io.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifetimeTest {

    /** What the shell sees of a process that SIGTERM ended. */
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir private Path temp = Path.of("");

    @Test
    void aSignalLetsMainCloseItsPartsAndExitWithItsOwnCode() throws Exception {
        // Given
        try (ChildJvm child = start("hold", "wait", "0")) {
            assertThat(child.nextLine()).isEqualTo("started");

            // When
            int code = child.terminate();

            // Then
            assertThat(child.nextLine()).isEqualTo("closing");
            assertThat(code).isZero();
        }
    }

    @Test
    void aCommandThatHoldsNothingEndsAtOnce() throws Exception {
        // Given
        try (ChildJvm child = start("wait", "0")) {
            assertThat(child.nextLine()).isEqualTo("started");

            // When
            int code = child.terminate();

            // Then
            assertThat(code).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    @Test
    void withoutASignalMainsCodeIsTheProcesss() throws Exception {
        try (ChildJvm child = start("hold", "2")) {
            assertThat(child.awaitExit()).isEqualTo(2);
        }
    }

    @Test
    void askingIsSeenByEveryWaiter() throws InterruptedException {
        // Given
        Lifetime lifetime = Lifetime.withoutSignals();
        assertThat(lifetime.awaitStop(Duration.ZERO)).isFalse();

        // When
        lifetime.askToStop();

        // Then
        lifetime.awaitStop();
        assertThat(lifetime.stopAsked()).isTrue();
        assertThat(lifetime.awaitStop(Duration.ofMinutes(1))).isTrue();
    }

    private ChildJvm start(String... wishes) throws IOException {
        return ChildJvm.start(temp.resolve("errors"), LifetimeChild.class, wishes);
    }
}
