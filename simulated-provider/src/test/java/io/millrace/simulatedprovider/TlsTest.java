package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir private Path folder;
    private SimulatedProvider provider;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        Path pem = folder.resolve("ca.pem");
        provider = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS.withTls(pem));
        client = HttpClient.newBuilder().sslContext(trusting(pem)).build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        provider.close();
    }

    @Test
    void whoTrustsTheCertificateIsAnswered() throws Exception {
        // When
        HttpResponse<String> response = ask("sim-10ms");

        // Then
        assertThat(provider.url()).startsWith("https://127.0.0.1:");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(provider.summary().closedByClient()).isZero();
    }

    @Test
    void whoDoesNotTrustItIsNot() {
        try (HttpClient doubting = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> doubting.send(request("sim"), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(provider.summary().started()).isZero();
    }

    @Test
    void faultsOfTheConnectionHappenOverTlsToo() {
        for (String model : new String[] {"sim-reset", "sim-truncated", "sim-closed"}) {
            assertThatThrownBy(() -> ask(model)).as(model).isInstanceOf(IOException.class);
        }
        assertThat(provider.summary().started()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void clientThatLeavesIsSeenOverTlsToo() throws Exception {
        // Given
        try (HttpClient leaving =
                HttpClient.newBuilder().sslContext(trusting(folder.resolve("ca.pem"))).build()) {
            var _ = leaving.sendAsync(request("sim-hang"), BodyHandlers.ofString());
            Running.await("the call to start", () -> provider.summary().running() == 1);

            // When
            leaving.shutdownNow();
        }

        // Then
        Running.await("the call to end", () -> provider.summary().ended() == 1);
        assertThat(provider.summary().closedByClient()).isEqualTo(1);
    }

    private HttpResponse<String> ask(String model) throws IOException, InterruptedException {
        return client.send(request(model), BodyHandlers.ofString());
    }

    private HttpRequest request(String model) {
        return HttpRequest.newBuilder(URI.create(provider.url() + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(Running.chat(model)))
                .build();
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
