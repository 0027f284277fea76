package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedProviderMainTest {

    private static final String READY = "simulated-provider ready ";

    @TempDir private Path folder;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void processTellsWhereItIsAndExitsWith0WhenTerminated() throws Exception {
        // Given
        Path ledger = folder.resolve("ledger.jsonl");
        Process process = start("--port", "0", "--ledger", ledger.toString(), "--seed", "7");
        String url = readyUrl(process);
        assertThat(status(url)).isEqualTo(200);

        // When
        process.destroy();

        // Then
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(LedgerFile.calls(ledger)).hasSize(1).allMatch(Call.Finished.class::isInstance);
    }

    @Test
    void processThatIsKilledLeavesALedgerThatItsSuccessorGoesOnWith() throws Exception {
        // Given
        Path ledger = folder.resolve("ledger.jsonl");
        Process killed = start("--ledger", ledger.toString());
        String url = readyUrl(killed);
        assertThat(status(url)).isEqualTo(200);
        get(url + "/ledger/summary");
        killed.destroyForcibly().waitFor();

        // When
        Process successor = start("--ledger", ledger.toString());
        String next = readyUrl(successor);
        assertThat(status(next)).isEqualTo(200);
        get(next + "/ledger/summary");

        // Then
        assertThat(LedgerFile.calls(ledger))
                .extracting(call -> call.started().call())
                .containsExactly(1L, 2L);
    }

    @Test
    void wrongUsageIsOneLineAndExitCode2() throws Exception {
        // Given
        Process process = start("--prot", "1");

        // When
        String error = error(process);

        // Then
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(error).isEqualTo("simulated-provider: unknown option '--prot'\n");
    }

    @Test
    void takenPortIsOneLineAndExitCode2() throws Exception {
        try (SimulatedProvider first = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS)) {
            // Given
            Process process = start("--port", Integer.toString(first.port()));

            // When
            String error = error(process);

            // Then
            assertThat(process.waitFor()).isEqualTo(2);
            assertThat(error).contains("port " + first.port()).hasLineCount(1);
        }
    }

    @Test
    void helpExitsWith0() throws Exception {
        // Given
        Process process = start("--help");

        // When
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).isZero();
        assertThat(help).isEqualTo(SimulatedProviderMain.HELP);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(SimulatedProviderMain.class.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    private static String readyUrl(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        assertThat(line).startsWith(READY + "http://127.0.0.1:");
        return line.substring(READY.length());
    }

    private static String error(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int status(String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .POST(BodyPublishers.ofString(Running.chat("sim")))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static void get(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding());
        }
    }
}
