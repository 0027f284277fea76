/**
 * The client room: the API as a user sees it who has an address and a key.
 *
 * <p>Here live the HTTP client, what is known of a batch, the submission of a file that can be
 * begun again, waiting with a bar that moves, and folders of documents made into batches.
 *
 * <p>Here may not live: how services are started, flags and exit codes. The services are known by
 * their HTTP door only.
 */
@NullMarked
package io.millrace.standalone.client;

import org.jspecify.annotations.NullMarked;
