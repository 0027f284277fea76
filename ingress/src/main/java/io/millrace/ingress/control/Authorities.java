package io.millrace.ingress.control;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import io.millrace.servicekit.http.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who may vouch for a provider: the certificates of a PEM file, read when the configuration is.
 * They are no secret, so that their text travels in the provider's state, and no dispatcher needs
 * the file.
 */
final class Authorities {

    private static final int MOST_BYTES = 256 * 1024;
    private static final String SCHEME = "file:";
    private static final Setting<String> CA =
            Setting.text(
                    "ca",
                    "PEM file of the certificates to trust for it, and no others; absent: those"
                            + " that the JVM trusts");

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference("providers[].tls", "Whom to trust about it.", List.of(CA));

    private Authorities() {}

    /**
     * Returns the PEM text that a section names, if it names one.
     *
     * @throws io.millrace.servicekit.config.ConfigException when that is no file of certificates
     */
    static Optional<String> from(Section section, String baseUrl) {
        section.allow(REFERENCE.keys());
        Optional<String> named = section.find(CA);
        if (named.isPresent() && !baseUrl.startsWith("https:")) {
            throw section.refusal(CA.key(), "has no meaning unless base-url begins with https:");
        }
        return named.map(name -> read(section, name));
    }

    private static String read(Section section, String name) {
        String path = name.startsWith(SCHEME) ? name.substring(SCHEME.length()) : name;
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException | InvalidPathException e) {
            throw section.refusal(CA.key(), "cannot be read: " + path);
        }
        if (bytes.length > MOST_BYTES || !certificates(bytes)) {
            throw section.refusal(
                    CA.key(), "is no PEM file of certificates of at most 256 KiB: " + path);
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static boolean certificates(byte[] pem) {
        try {
            Trust.of(new String(pem, StandardCharsets.US_ASCII));
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
