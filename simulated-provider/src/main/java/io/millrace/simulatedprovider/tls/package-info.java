/**
 * Certificates that nobody but a test trusts.
 *
 * <p>Here may not live: HTTP, the provider itself.
 */
@NullMarked
package io.millrace.simulatedprovider.tls;

import org.jspecify.annotations.NullMarked;
