<?php
/**
 * Leave nothing behind: tables, options, clocks and what was kept with customers. Orders keep the
 * cart's id in their own records.
 *
 * @package Rebasket
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

global $wpdb;

$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}rebasket_outbox" ); // phpcs:ignore WordPress.DB
$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}rebasket_counters" ); // phpcs:ignore WordPress.DB

foreach ( array( 'connection', 'tables', 'app_url', 'cart_mail', 'pause', 'send_lock' ) as $rebasket_option ) {
	delete_option( 'rebasket_' . $rebasket_option );
}
delete_metadata( 'user', 0, '_rebasket_cart', '', true );
wp_clear_scheduled_hook( 'rebasket_send' );
wp_clear_scheduled_hook( 'rebasket_sweep' );
