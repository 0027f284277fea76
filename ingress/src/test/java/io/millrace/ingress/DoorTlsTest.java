package io.millrace.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.Measured;
import io.millrace.ingress.http.ServerTls;
import io.millrace.ingress.http.TestCertificate;
import io.millrace.servicekit.http.InternalCredential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The listener with a certificate, and the versions of HTTP it speaks. */
class DoorTlsTest {

    private static TestCertificate own;
    private static TestCertificate others;

    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        own = TestCertificate.make(folder, "own");
        others = TestCertificate.make(folder, "others");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void clientsAreServedInTheVersionTheyWant(Version version) throws Exception {
        // Given
        ServerTls tls = tls(own);
        WebServer server = opened(Optional.of(tls));
        try (HttpClient client = client(tls.peers())) {
            // When
            HttpResponse<String> answer = get(client, "https", server, version);

            // Then
            assertThat(answer.body()).isEqualTo("here");
            assertThat(answer.version()).isEqualTo(version);
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void withoutACertificateToo(Version version) throws Exception {
        // Given
        WebServer server = opened(Optional.empty());
        try (HttpClient client = HttpClient.newHttpClient()) {
            // When
            HttpResponse<String> answer = get(client, "http", server, version);

            // Then
            assertThat(answer.body()).isEqualTo("here");
            assertThat(answer.version()).isEqualTo(version);
        } finally {
            server.stop();
        }
    }

    @Test
    void onlyClientsOfTheNamedAuthorityAreServed() throws Exception {
        // Given
        ServerTls tls = tls(own).forClientsOf(own.certificate());
        WebServer server = opened(Optional.of(tls));
        try (HttpClient known = client(tls.peers());
                HttpClient unknown = client(withoutCertificate())) {
            // When // Then
            assertThat(get(known, "https", server, Version.HTTP_2).body()).isEqualTo("here");
            assertThatThrownBy(() -> get(unknown, "https", server, Version.HTTP_2))
                    .isInstanceOf(IOException.class);
        } finally {
            server.stop();
        }
    }

    @Test
    void anotherDeploymentsIngressIsNotBelieved() throws Exception {
        // Given
        WebServer server = opened(Optional.of(tls(others)));
        try (HttpClient peer = client(tls(own).peers())) {
            // When // Then
            assertThatThrownBy(() -> get(peer, "https", server, Version.HTTP_1_1))
                    .isInstanceOf(IOException.class);
        } finally {
            server.stop();
        }
    }

    private static ServerTls tls(TestCertificate certificate) {
        return ServerTls.of(certificate.certificate(), certificate.key());
    }

    private static SSLContext withoutCertificate() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "own",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        own.certificate().getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpResponse<String> get(
            HttpClient client, String scheme, WebServer server, Version version)
            throws IOException, InterruptedException {
        URI address = URI.create("%s://127.0.0.1:%d/v1/jobs".formatted(scheme, server.port()));
        return client.send(
                HttpRequest.newBuilder(address).version(version).build(), BodyHandlers.ofString());
    }

    private static WebServer opened(Optional<ServerTls> tls) {
        HttpService routes = rules -> rules.get("/", (_, answer) -> answer.send("here"));
        return Door.open(
                "127.0.0.1",
                0,
                16,
                tls,
                Set.of(),
                new Gate(
                        () -> true,
                        InternalCredential.of("0123456789abcdef0123456789abcdef"),
                        new Random(1)),
                new Measured((_, _, _, _) -> {}),
                Map.of("/v1/jobs", routes));
    }
}
