package io.millrace.ingress.jobs;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How ingresses speak to each other.
 *
 * @param scheme http or https: that of this ingress's own address
 * @param tls what this one shows and trusts; absent: as the JVM does
 */
public record PeerTransport(String scheme, Optional<SSLContext> tls) {}
