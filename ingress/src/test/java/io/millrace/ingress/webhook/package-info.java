@NullMarked
package io.millrace.ingress.webhook;

import org.jspecify.annotations.NullMarked;
