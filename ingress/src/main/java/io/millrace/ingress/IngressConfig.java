package io.millrace.ingress;

import io.millrace.ingress.http.ServerTls;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How ingress listens and what it takes in.
 *
 * @param bind address that the listener is bound to
 * @param port to listen on; 0 for a free one
 * @param advertisedUrl how other ingresses and clients reach this one; empty for its own address
 * @param limits of what it takes in
 * @param tls what its listener shows, when it speaks TLS
 * @param corsOrigins origins whose pages may call; empty for none
 */
public record IngressConfig(
        String bind,
        int port,
        String advertisedUrl,
        Limits limits,
        Optional<ServerTls> tls,
        List<String> corsOrigins) {

    private static final Setting<String> BIND =
            Setting.text("bind", "Address that the listener is bound to").withDefault("127.0.0.1");
    private static final Setting<Integer> PORT =
            Setting.integer("port", "Port of the public API; 0 for a free one", 0, 65535)
                    .withDefault("8080");
    private static final Setting<URI> ADVERTISED =
            Setting.url(
                    "advertised-url",
                    "How other ingresses and `result_url` reach this one; absent: 127.0.0.1");
    private static final Setting<String> LIMITS = Setting.text("limits", "See `ingress.limits`");
    private static final Setting<String> TLS = Setting.text("tls", "See `ingress.tls`");
    private static final Setting<String> CORS = Setting.text("cors", "See `ingress.cors`");
    private static final Setting<String> ORIGINS =
            Setting.text("origins", "List of origins whose pages may call; empty: none");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference(
                    "ingress",
                    "How ingress listens and what it takes in.",
                    List.of(BIND, PORT, ADVERTISED, TLS, LIMITS, CORS));

    /** The section of the reference page on CORS. */
    public static final Reference CORS_PAGE =
            new Reference("ingress.cors", "Which pages in browsers may call.", List.of(ORIGINS));

    /**
     * What ingress takes in at most.
     *
     * @param bodyBytes of a JSON body
     * @param batchFileBytes of a batch's input file
     * @param batchLines in a batch's input file
     * @param connections at the same time
     * @param waiting how long a synchronous call waits for its job
     */
    public record Limits(
            long bodyBytes,
            long batchFileBytes,
            int batchLines,
            int connections,
            Duration waiting) {

        private static final long KIB = 1024;
        private static final long MIB = 1024 * KIB;
        private static final Setting<Long> BODY =
                Setting.size("body", "A JSON body", KIB, 64 * MIB).withDefault("4MiB");
        private static final Setting<Long> BATCH_FILE =
                Setting.size("batch-file", "A batch's input file", KIB, 10 * 1024 * MIB)
                        .withDefault("200MiB");
        private static final Setting<Integer> BATCH_LINES =
                Setting.integer("batch-lines", "Lines in a batch's input file", 1, 10_000_000)
                        .withDefault("50000");
        private static final Setting<Integer> CONNECTIONS =
                Setting.integer("connections", "Connections at the same time", 1, 1_000_000)
                        .withDefault("4096");
        private static final Setting<Duration> WAIT =
                Setting.duration(
                                "wait",
                                "How long a synchronous call waits for its job",
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(10))
                        .withDefault("60s");

        /** The section of the reference page. */
        public static final Reference REFERENCE =
                new Reference(
                        "ingress.limits",
                        "What ingress takes in at most.",
                        List.of(BODY, BATCH_FILE, BATCH_LINES, CONNECTIONS, WAIT));

        static Limits from(Section section) {
            section.allow(REFERENCE.keys());
            return new Limits(
                    section.get(BODY),
                    section.get(BATCH_FILE),
                    section.get(BATCH_LINES),
                    section.get(CONNECTIONS),
                    section.get(WAIT));
        }
    }

    /** The section {@code ingress.tls}. */
    public static final class Tls {

        private static final Setting<Secret> CERTIFICATE =
                Setting.secret(
                        "certificate",
                        "PEM of the server's certificate and of those that vouch for it:"
                                + " `file:/path`");
        private static final Setting<Secret> KEY =
                Setting.secret("key", "PEM of its key, PKCS#8 without passphrase: `file:/path`");
        private static final Setting<Secret> CLIENT_CA =
                Setting.secret(
                        "client-ca",
                        "PEM of certificates of which one must have signed each client's; absent:"
                                + " clients show none");

        /** The section of the reference page. */
        public static final Reference REFERENCE =
                new Reference(
                        "ingress.tls",
                        "TLS of the public API, HTTP/2 or HTTP/1.1 as the client wants; absent:"
                                + " plain HTTP. Read at start.",
                        List.of(CERTIFICATE, KEY, CLIENT_CA));

        private Tls() {}

        static Optional<ServerTls> from(Section section) {
            section.allow(REFERENCE.keys());
            if (section.find(CERTIFICATE).isEmpty()
                    && section.find(KEY).isEmpty()
                    && section.find(CLIENT_CA).isEmpty()) {
                return Optional.empty();
            }
            String certificate = text(section, CERTIFICATE);
            ServerTls tls =
                    checked(section, KEY, () -> ServerTls.of(certificate, text(section, KEY)));
            return Optional.of(
                    section.find(CLIENT_CA).isEmpty()
                            ? tls
                            : checked(
                                    section,
                                    CLIENT_CA,
                                    () -> tls.forClientsOf(text(section, CLIENT_CA))));
        }

        private static String text(Section section, Setting<Secret> setting) {
            return checked(
                    section, setting, () -> section.get(setting).reveal(section.environment()));
        }

        private static <T> T checked(Section section, Setting<Secret> setting, Supplier<T> read) {
            try {
                return read.get();
            } catch (IllegalArgumentException e) {
                throw section.refusal(setting.key(), String.valueOf(e.getMessage()));
            }
        }
    }

    public IngressConfig {
        corsOrigins = List.copyOf(corsOrigins);
    }

    /** Reads the section {@code ingress}. */
    public static IngressConfig from(Section section) {
        section.allow(REFERENCE.keys());
        Section cors = section.section(CORS.key());
        cors.allow(CORS_PAGE.keys());
        URI advertised = section.find(ADVERTISED).orElse(URI.create(""));
        if (!advertised.getRawSchemeSpecificPart().isEmpty() && advertised.getPath().length() > 1) {
            throw section.refusal(ADVERTISED.key(), "must have no path");
        }
        return new IngressConfig(
                section.get(BIND),
                section.get(PORT),
                advertised.toString(),
                Limits.from(section.section(LIMITS.key())),
                Tls.from(section.section(TLS.key())),
                cors.all(ORIGINS));
    }

    /** Returns the address that others reach this process at. */
    public URI advertised(int actualPort) {
        return URI.create(
                advertisedUrl.isEmpty() ? scheme() + "://127.0.0.1:" + actualPort : advertisedUrl);
    }

    /** Returns {@code https} when it speaks TLS, else {@code http}. */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }
}
