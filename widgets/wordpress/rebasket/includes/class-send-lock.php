<?php
/**
 * One sender at a time.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Keep a second sender out, over all PHP processes; a crashed sender gives way after a minute.
 */
class Send_Lock {

	const OPTION = 'rebasket_send_lock';
	const LEASE  = 60;

	/**
	 * Become the only sender.
	 *
	 * @return bool Whether nobody else is.
	 */
	public function take(): bool {
		global $wpdb;
		$now = time();
		$wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prepare( "INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, '0', 'no')", self::OPTION )
		);
		return 1 === (int) $wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prepare(
				"UPDATE {$wpdb->options} SET option_value = %d WHERE option_name = %s AND CAST(option_value AS UNSIGNED) < %d",
				$now + self::LEASE,
				self::OPTION,
				$now
			)
		);
	}

	/**
	 * Let the next sender in.
	 */
	public function release(): void {
		global $wpdb;
		$wpdb->update( $wpdb->options, array( 'option_value' => '0' ), array( 'option_name' => self::OPTION ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	}
}
