package io.millrace.dispatcher.provider.http;

import io.millrace.servicekit.http.Trust;

/** How bytes come to a provider and back. */
public record Transport(HttpVersion version, Trust trust) {

    /** What is used where a provider's configuration says nothing. */
    public static final Transport DEFAULT = new Transport(HttpVersion.V1_1, Trust.JVM);
}
