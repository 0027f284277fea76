package io.millrace.ingress.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which addresses events may be sent to. Pure.
 *
 * @param privateAllowed whether the deployment allows its own networks, and plain HTTP to them
 */
record AddressRule(boolean privateAllowed) {

    /** The longest address that is kept. */
    static final int MOST_CHARACTERS = 2048;

    private static final Pattern NUMERIC = Pattern.compile("[:%]|(^|\\.)[0-9][0-9a-fx]*\\.?$");

    /** What may be said of an address without asking DNS. */
    sealed interface Verdict {

        /** Nothing speaks against it so far. */
        record Allowed(URI url) implements Verdict {}

        /** It will never be sent to. */
        record Refused(String why) implements Verdict {}
    }

    /** Judges the text of an address. */
    Verdict judge(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return new Verdict.Refused(
                    "must have at most %d characters".formatted(MOST_CHARACTERS));
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException _) {
            return new Verdict.Refused("must be a URL");
        }
        return refusal(url)
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Allowed(url));
    }

    private Optional<String> refusal(URI url) {
        if (url.getHost() == null || url.getHost().isEmpty()) {
            return Optional.of("must name a host");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && privateAllowed)) {
            return Optional.of("must begin with https://");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("must have neither user nor fragment");
        }
        if (url.getPort() == 0 || url.getPort() > 65535) {
            return Optional.of("must have a port from 1 to 65535");
        }
        return named(url).filter(kind -> !allows(kind, plain(url))).map(_ -> notPublic());
    }

    /** Returns whether an address may be dialled for that URL. */
    boolean allows(InetAddress address, URI url) {
        return allows(AddressClass.of(address), plain(url));
    }

    /** Says that an address may not be used, without telling what it resolves to. */
    static String notPublic() {
        return "must lead to a public address";
    }

    private boolean allows(AddressClass kind, boolean plain) {
        return switch (kind) {
            case PUBLIC -> !plain;
            case PRIVATE -> privateAllowed;
            case NEVER -> false;
        };
    }

    private static boolean plain(URI url) {
        return "http".equalsIgnoreCase(url.getScheme());
    }

    // the class of a host that is an address itself, or stands for this machine everywhere
    private static Optional<AddressClass> named(URI url) {
        String host = host(url).toLowerCase(Locale.ROOT);
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return Optional.of(AddressClass.PRIVATE);
        }
        try {
            return Optional.of(AddressClass.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException _) {
            // what looks like an address and is none would be read in different ways
            return NUMERIC.matcher(host).find()
                    ? Optional.of(AddressClass.NEVER)
                    : Optional.empty();
        }
    }

    /** Returns scheme, host and port of an address, which tell its receiver. */
    static String origin(String text) {
        URI url = URI.create(text);
        return "%s://%s:%d".formatted(url.getScheme(), url.getHost(), url.getPort());
    }

    /** Returns the host of a URL, an address of IPv6 without its brackets. */
    static String host(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
