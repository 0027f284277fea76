@NullMarked
package io.millrace.ingress.batch;

import org.jspecify.annotations.NullMarked;
