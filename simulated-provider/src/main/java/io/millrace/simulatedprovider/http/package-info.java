/**
 * HTTP/1.1 on bare sockets, one virtual thread a connection.
 *
 * <p>Why not the web server the services use: the point of this provider is to send what no correct
 * server sends (bodies cut short, connections reset, a byte at a time), and its ledger must know
 * that a client left while its call was waiting, which a handler of that server is not told.
 *
 * <p>Here may not live: what is asked and answered, faults, the ledger.
 */
@NullMarked
package io.millrace.simulatedprovider.http;

import org.jspecify.annotations.NullMarked;
