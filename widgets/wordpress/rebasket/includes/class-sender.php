<?php
/**
 * Sending what waits, without the shopper waiting.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Empty the outbox: after the page went out where PHP can do that, else in the background.
 *
 * WordPress's "non-blocking" requests hold a page for up to a second when the receiver hangs, so
 * nothing is ever sent while a shopper waits.
 */
class Sender {

	const RUN_HOOK     = 'rebasket_send';
	const SWEEP_HOOK   = 'rebasket_sweep';
	const PAUSE_OPTION = 'rebasket_pause';
	const BATCH        = 50;

	/**
	 * Late enough for WooCommerce (20) to have saved the session.
	 */
	const AFTER_EVERYTHING = 10000;

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * What waits.
	 *
	 * @var Outbox
	 */
	private $outbox;

	/**
	 * How it goes out.
	 *
	 * @var Wire
	 */
	private $wire;

	/**
	 * Keeps a second sender out.
	 *
	 * @var Send_Lock
	 */
	private $lock;

	/**
	 * Whether this request stored news.
	 *
	 * @var bool
	 */
	private $has_news = false;

	/**
	 * Take the parts.
	 *
	 * @param Connection $connection The connection.
	 * @param Outbox     $outbox     What waits.
	 * @param Wire       $wire       How it goes out.
	 * @param Send_Lock  $lock       Keeps a second sender out.
	 */
	public function __construct( Connection $connection, Outbox $outbox, Wire $wire, Send_Lock $lock ) {
		$this->connection = $connection;
		$this->outbox     = $outbox;
		$this->wire       = $wire;
		$this->lock       = $lock;
	}

	/**
	 * Listen for news and for the clocks.
	 */
	public function hook(): void {
		Outbox::on_news( array( $this, 'note_news' ) );
		add_action( 'shutdown', array( $this, 'finish' ), self::AFTER_EVERYTHING );
		add_action( self::RUN_HOOK, array( $this, 'run' ), 10, 0 );
		add_action( self::SWEEP_HOOK, array( $this, 'sweep' ) );
		add_filter( 'cron_schedules', array( self::class, 'add_interval' ) ); // phpcs:ignore WordPress.WP.CronInterval
		add_action( 'admin_init', array( self::class, 'schedule_sweep' ) );
	}

	/**
	 * Remember that this request stored news.
	 */
	public function note_news(): void {
		$this->has_news = true;
	}

	/**
	 * Send after the answer went out, or leave it to a background run.
	 */
	public function finish(): void {
		if ( ! $this->has_news || ! $this->connection->is_active() ) {
			return;
		}
		$this->has_news = false;
		if ( $this->is_paused() ) {
			return; // The sweep, or the app's poke, tries again.
		}
		if ( $this->let_the_visitor_go() && null !== $this->run() ) {
			return;
		}
		if ( ! wp_next_scheduled( self::RUN_HOOK ) ) {
			wp_schedule_single_event( time(), self::RUN_HOOK );
		}
	}

	/**
	 * Send what is due, one sender at a time.
	 *
	 * @param bool $at_once Also what waits for a later try.
	 * @param int  $seconds Start no further request after so long.
	 * @return int|null How many were taken; null when another sender is at work.
	 */
	public function run( bool $at_once = false, int $seconds = 15 ): ?int {
		if ( ! $this->connection->is_active() ) {
			return 0;
		}
		if ( ! $this->lock->take() ) {
			return null;
		}
		$until = microtime( true ) + $seconds;
		$sent  = 0;
		do {
			$going_on = $this->send_all( $this->outbox->due( self::BATCH, $at_once ), $until, $sent );
			$at_once  = false; // What was put off just now is not tried again.
		} while ( $going_on );
		$this->lock->release();
		return $sent;
	}

	/**
	 * Send rows in their order.
	 *
	 * @param object[] $rows  What is due.
	 * @param float    $until Unix seconds after which no request is started.
	 * @param int      $sent  Counts what was taken.
	 * @return bool Whether to look for more.
	 */
	private function send_all( array $rows, float $until, int &$sent ): bool {
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $until || ! $this->send( $row, $sent ) ) {
				return false;
			}
		}
		return array() !== $rows;
	}

	/**
	 * What the clock does every five minutes.
	 */
	public function sweep(): void {
		$this->run();
		$this->outbox->forget_old_counters();
	}

	/**
	 * Send one row.
	 *
	 * @param object $row  With id, body, attempts.
	 * @param int    $sent Counts what was taken.
	 * @return bool Whether to go on with the next.
	 */
	private function send( $row, int &$sent ): bool {
		$status = $this->wire->post( $row->body );
		if ( $status >= 200 && $status < 300 ) {
			$this->outbox->drop( (int) $row->id );
			$this->resume();
			++$sent;
			return true;
		}
		if ( 401 === $status || 410 === $status ) {
			$this->connection->end( $status );
			return false;
		}
		$attempts = (int) $row->attempts + 1;
		$this->outbox->put_off( (int) $row->id, $attempts, time() + self::delay( $attempts ) );
		if ( $status >= 400 && $status < 500 && 429 !== $status && 408 !== $status ) {
			return true; // This row is refused, not all.
		}
		$this->pause();
		return false;
	}

	/**
	 * Seconds until the next try: 15, 30, 60 … at most 15 minutes.
	 *
	 * @param int $attempts How often it failed.
	 */
	public static function delay( int $attempts ): int {
		return (int) min( 900, 15 * pow( 2, max( 0, min( 10, $attempts - 1 ) ) ) );
	}

	/**
	 * Whether the app was unreachable just now.
	 */
	private function is_paused(): bool {
		$pause = get_option( self::PAUSE_OPTION, array() );
		return is_array( $pause ) && isset( $pause['until'] ) && (int) $pause['until'] > time();
	}

	/**
	 * Leave an unreachable app alone for a while, so that no PHP worker is held up.
	 */
	private function pause(): void {
		$pause    = get_option( self::PAUSE_OPTION, array() );
		$failures = ( is_array( $pause ) && isset( $pause['failures'] ) ? (int) $pause['failures'] : 0 ) + 1;
		$value    = array(
			'failures' => $failures,
			'until'    => time() + self::delay( $failures ),
		);
		update_option( self::PAUSE_OPTION, $value, true );
	}

	/**
	 * The app answers again.
	 */
	private function resume(): void {
		if ( get_option( self::PAUSE_OPTION, false ) ) {
			delete_option( self::PAUSE_OPTION );
		}
	}

	/**
	 * Close the connection to the visitor's browser, where PHP can.
	 */
	protected function let_the_visitor_go(): bool {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			return (bool) fastcgi_finish_request();
		}
		if ( function_exists( 'litespeed_finish_request' ) ) {
			return (bool) litespeed_finish_request();
		}
		return wp_doing_cron();
	}

	/**
	 * Know what "every five minutes" means.
	 *
	 * @param array<string,array<string,mixed>> $schedules WordPress's list.
	 * @return array<string,array<string,mixed>>
	 */
	public static function add_interval( $schedules ) {
		$schedules['rebasket_five_minutes'] = array(
			'interval' => 300,
			'display'  => 'Rebasket: every five minutes',
		);
		return $schedules;
	}

	/**
	 * Have the sweep run for good.
	 */
	public static function schedule_sweep(): void {
		if ( wp_next_scheduled( self::SWEEP_HOOK ) ) {
			return;
		}
		if ( ! has_filter( 'cron_schedules', array( self::class, 'add_interval' ) ) ) {
			add_filter( 'cron_schedules', array( self::class, 'add_interval' ) ); // phpcs:ignore WordPress.WP.CronInterval
		}
		wp_schedule_event( time() + 300, 'rebasket_five_minutes', self::SWEEP_HOOK );
	}

	/**
	 * Stop the clocks.
	 */
	public static function unschedule(): void {
		wp_clear_scheduled_hook( self::RUN_HOOK );
		wp_clear_scheduled_hook( self::SWEEP_HOOK );
	}
}
