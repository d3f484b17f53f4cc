<?php
/**
 * What waits to be told to the app, in an own table.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Store news until the app has taken it.
 */
class Outbox {

	const TABLES_VERSION = '1';

	/**
	 * How long a counter outlives the last news about its cart or order.
	 */
	const COUNTER_DAYS = 90;

	/**
	 * Called after news was stored.
	 *
	 * @var callable[]
	 */
	private static $listeners = array();

	/**
	 * Make or change the two tables.
	 */
	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$collate = $wpdb->get_charset_collate();
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}rebasket_outbox (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			event_id char(36) NOT NULL,
			body longtext NOT NULL,
			created_at bigint(20) unsigned NOT NULL,
			attempts int(10) unsigned NOT NULL DEFAULT 0,
			next_try_at bigint(20) unsigned NOT NULL DEFAULT 0,
			PRIMARY KEY  (id),
			UNIQUE KEY event_id (event_id),
			KEY due (next_try_at)
			) $collate;"
		);
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}rebasket_counters (
			subject varchar(64) NOT NULL,
			revision int(10) unsigned NOT NULL,
			touched_at bigint(20) unsigned NOT NULL,
			PRIMARY KEY  (subject),
			KEY touched_at (touched_at)
			) $collate;"
		);
	}

	/**
	 * Have something called whenever news was stored.
	 *
	 * @param callable $listener Called without arguments.
	 */
	public static function on_news( callable $listener ): void {
		self::$listeners[] = $listener;
	}

	/**
	 * Store one piece of news.
	 *
	 * @param string       $type    For example cart.changed.
	 * @param string       $subject What it is about, for the revision: a cart's id, "order:7".
	 * @param array|object $data    Its data, as docs of the wire format say.
	 */
	public function add( string $type, string $subject, $data ): void {
		global $wpdb;
		$envelope = self::envelope( $type, $this->next_revision( $subject ), $data );
		$body     = wp_json_encode( $envelope );
		if ( false === $body ) {
			return;
		}
		$wpdb->insert( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prefix . 'rebasket_outbox',
			array(
				'event_id'    => $envelope['event_id'],
				'body'        => $body,
				'created_at'  => time(),
				'attempts'    => 0,
				'next_try_at' => 0,
			),
			array( '%s', '%s', '%d', '%d', '%d' )
		);
		foreach ( self::$listeners as $listener ) {
			$listener();
		}
	}

	/**
	 * Build the envelope around data.
	 *
	 * @param string       $type     For example cart.changed.
	 * @param int          $revision Counts up by one with each report of one subject.
	 * @param array|object $data     Its data.
	 * @return array<string,mixed>
	 */
	public static function envelope( string $type, int $revision, $data ): array {
		return array(
			'schema'     => 1,
			'event_id'   => wp_generate_uuid4(),
			'type'       => $type,
			'changed_at' => self::moment(),
			'revision'   => $revision,
			'data'       => $data,
		);
	}

	/**
	 * The present moment as ISO 8601 in UTC with milliseconds.
	 */
	public static function moment(): string {
		$now = microtime( true );
		return gmdate( 'Y-m-d\TH:i:s', (int) $now ) . sprintf( '.%03dZ', (int) ( ( $now - floor( $now ) ) * 1000 ) );
	}

	/**
	 * Count up; two requests at once never get the same number.
	 *
	 * @param string $subject What is counted.
	 */
	protected function next_revision( string $subject ): int {
		global $wpdb;
		$wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prepare(
				"INSERT INTO {$wpdb->prefix}rebasket_counters (subject, revision, touched_at) VALUES (%s, LAST_INSERT_ID(1), %d)
				ON DUPLICATE KEY UPDATE revision = LAST_INSERT_ID(revision + 1), touched_at = VALUES(touched_at)",
				$subject,
				time()
			)
		);
		return (int) $wpdb->get_var( 'SELECT LAST_INSERT_ID()' ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	}

	/**
	 * The oldest rows whose time has come.
	 *
	 * @param int  $limit How many at most.
	 * @param bool $all   Also those that wait for a later try.
	 * @return object[] With id, body, attempts.
	 */
	public function due( int $limit, bool $all = false ): array {
		global $wpdb;
		return (array) $wpdb->get_results( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prepare(
				"SELECT id, body, attempts FROM {$wpdb->prefix}rebasket_outbox WHERE next_try_at <= %d ORDER BY id LIMIT %d",
				$all ? PHP_INT_MAX : time(),
				$limit
			)
		);
	}

	/**
	 * Drop a row that the app has taken.
	 *
	 * @param int $id The row.
	 */
	public function drop( int $id ): void {
		global $wpdb;
		$wpdb->delete( $wpdb->prefix . 'rebasket_outbox', array( 'id' => $id ), array( '%d' ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	}

	/**
	 * Put a row off.
	 *
	 * @param int $id       The row.
	 * @param int $attempts How often it was tried.
	 * @param int $at       Unix seconds of the next try.
	 */
	public function put_off( int $id, int $attempts, int $at ): void {
		global $wpdb;
		$wpdb->update( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prefix . 'rebasket_outbox',
			array(
				'attempts'    => $attempts,
				'next_try_at' => $at,
			),
			array( 'id' => $id ),
			array( '%d', '%d' ),
			array( '%d' )
		);
	}

	/**
	 * How much waits and since when.
	 *
	 * @return array{waiting:int,oldest_at:?string}
	 */
	public function standing(): array {
		global $wpdb;
		$row = $wpdb->get_row( "SELECT COUNT(*) AS waiting, MIN(created_at) AS oldest FROM {$wpdb->prefix}rebasket_outbox" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		return array(
			'waiting'   => $row ? (int) $row->waiting : 0,
			'oldest_at' => $row && $row->oldest ? gmdate( 'Y-m-d\TH:i:s\Z', (int) $row->oldest ) : null,
		);
	}

	/**
	 * Throw away everything that waits.
	 */
	public function clear(): void {
		global $wpdb;
		$wpdb->query( "DELETE FROM {$wpdb->prefix}rebasket_outbox" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	}

	/**
	 * Forget the counters of carts and orders long untouched.
	 */
	public function forget_old_counters(): void {
		global $wpdb;
		$wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->prepare(
				"DELETE FROM {$wpdb->prefix}rebasket_counters WHERE touched_at < %d",
				time() - self::COUNTER_DAYS * DAY_IN_SECONDS
			)
		);
	}
}
