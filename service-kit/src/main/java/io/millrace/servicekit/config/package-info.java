/**
 * Reads millrace.yaml into records: settings with a key, a default, a unit and a range.
 *
 * <p>Here may not live: the settings of any service.
 */
@NullMarked
package io.millrace.servicekit.config;

import org.jspecify.annotations.NullMarked;
