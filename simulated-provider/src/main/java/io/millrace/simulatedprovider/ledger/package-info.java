/**
 * The provider's own record of every call: what its bill would say.
 *
 * <p>A ledger file is JSON lines, one when a call starts and one when it has ended:
 *
 * <pre>
 * {"event":"started","call":7,"at_ns":1795370400000000000,"job":"job_00x","attempt":"1",
 *  "path":"/v1/chat/completions","model":"sim-50ms"}
 * {"event":"ended","call":7,"at_ns":1795370400050000000,"job":"job_00x","status":200,"fault":"none",
 *  "input_tokens":3,"output_tokens":12,"closed_by_client":false}
 * </pre>
 *
 * <p>Durability: one thread writes what has gathered in a bounded queue, at most 2 ms later, and
 * hands it to the operating system. So nothing is lost when the <em>caller</em> is killed; when the
 * provider itself is killed with -9, up to 2 ms and a torn last line are; a machine that loses
 * power may lose more, for nothing is synced to disk.
 *
 * <p>Here may not live: HTTP, behaviours, shapes of answers.
 */
@NullMarked
package io.millrace.simulatedprovider.ledger;

import org.jspecify.annotations.NullMarked;
