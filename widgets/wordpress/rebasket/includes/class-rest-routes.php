<?php
/**
 * What the app may ask of the plugin.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Routes under wc-rebasket/v1. WooCommerce's own keys open routes whose name begins with "wc-";
 * the user behind the keys must be allowed to manage the shop.
 */
final class Rest_Routes {

	const ROUTES = 'wc-rebasket/v1';

	/**
	 * Seconds that a poke may send for.
	 */
	const POKE_SECONDS = 8;

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
	 * @var Sender
	 */
	private $sender;

	/**
	 * Whether to step back.
	 *
	 * @var Own_Mail
	 */
	private $own_mail;

	/**
	 * Take the parts.
	 *
	 * @param Connection $connection The connection.
	 * @param Outbox     $outbox     What waits.
	 * @param Sender     $sender     How it goes out.
	 * @param Own_Mail   $own_mail   Whether to step back.
	 */
	public function __construct( Connection $connection, Outbox $outbox, Sender $sender, Own_Mail $own_mail ) {
		$this->connection = $connection;
		$this->outbox     = $outbox;
		$this->sender     = $sender;
		$this->own_mail   = $own_mail;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		add_action( 'rest_api_init', array( $this, 'register' ), 10, 0 );
	}

	/**
	 * Make the routes known.
	 */
	public function register(): void {
		$routes = array(
			array( '/connection', 'GET', 'read' ),
			array( '/connection', 'POST', 'connect' ),
			array( '/connection', 'DELETE', 'disconnect' ),
			array( '/poke', 'POST', 'poke' ),
		);
		foreach ( $routes as list( $path, $method, $handler ) ) {
			register_rest_route(
				self::ROUTES,
				$path,
				array(
					'methods'             => $method,
					'callback'            => array( $this, $handler ),
					'permission_callback' => array( self::class, 'is_allowed' ),
				)
			);
		}
	}

	/**
	 * Whether the user behind the request may manage the shop.
	 */
	public static function is_allowed(): bool {
		return current_user_can( 'manage_woocommerce' ); // phpcs:ignore WordPress.WP.Capabilities.Unknown
	}

	/**
	 * Tell how the connection stands.
	 */
	public function read(): \WP_REST_Response {
		return new \WP_REST_Response(
			$this->facts() + array(
				'shop'   => $this->connection->is_connected() ? $this->connection->text( 'shop' ) : null,
				'outbox' => $this->outbox->standing(),
			)
		);
	}

	/**
	 * Take the connection that the app gives. News of another shop's connection is thrown away;
	 * news that waited for this one goes out.
	 *
	 * @param \WP_REST_Request $request Its body is the connection.
	 * @return \WP_REST_Response|\WP_Error
	 */
	public function connect( $request ) {
		$given  = $request->get_json_params();
		$before = $this->connection->text( 'shop' );
		$wrong  = $this->connection->keep( is_array( $given ) ? $given : array() );
		if ( '' !== $wrong ) {
			return new \WP_Error( 'rebasket_invalid_connection', 'Not understood: ' . $wrong, array( 'status' => 400 ) );
		}
		Lifecycle::activate();
		if ( '' !== $before && $before !== $this->connection->text( 'shop' ) ) {
			$this->outbox->clear();
		}
		delete_option( Sender::PAUSE_OPTION );
		if ( $this->outbox->standing()['waiting'] > 0 ) {
			wp_schedule_single_event( time(), Sender::RUN_HOOK );
		}
		return new \WP_REST_Response( $this->facts() );
	}

	/**
	 * Forget the connection and what waits.
	 */
	public function disconnect(): \WP_REST_Response {
		$this->connection->forget();
		$this->outbox->clear();
		return new \WP_REST_Response( $this->facts() );
	}

	/**
	 * Send what waits, and give WooCommerce's own queue (its webhooks) a run, so that neither waits
	 * for visitors. Who pokes wants news: a connection that was refused by mistake lives again, and
	 * a second refusal ends it again.
	 */
	public function poke(): \WP_REST_Response {
		$this->connection->revive();
		$sent = (int) $this->sender->run( true, self::POKE_SECONDS );
		if ( class_exists( '\ActionScheduler_QueueRunner' ) ) {
			\ActionScheduler_QueueRunner::instance()->run( 'Rebasket' );
		}
		return new \WP_REST_Response(
			array(
				'sent'    => $sent,
				'waiting' => $this->outbox->standing()['waiting'],
			)
		);
	}

	/**
	 * What the app needs to know of this store.
	 *
	 * @return array<string,mixed>
	 */
	private function facts(): array {
		$user = wp_get_current_user();
		return array(
			'schema'           => 1,
			'plugin'           => REBASKET_VERSION,
			'woocommerce'      => defined( 'WC_VERSION' ) ? WC_VERSION : '',
			'wordpress'        => get_bloginfo( 'version' ),
			'php'              => PHP_VERSION,
			'merchant_email'   => is_email( $user->user_email ) ? $user->user_email : (string) get_option( 'admin_email' ),
			'home_url'         => home_url( '/' ),
			'plain_permalinks' => '' === (string) get_option( 'permalink_structure' ),
			'own_cart_mail'    => $this->own_mail->stands_in_the_way(),
		);
	}
}
