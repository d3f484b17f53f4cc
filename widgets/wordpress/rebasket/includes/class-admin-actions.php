<?php
/**
 * The buttons of the plugin's page.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Do what the merchant asks for, after checking that it was the merchant.
 */
final class Admin_Actions {

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
	 * The choice between the two mails.
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
	 * @param Own_Mail   $own_mail   The choice between the two mails.
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
		foreach ( array( 'address', 'disconnect', 'send', 'choose' ) as $action ) {
			add_action( 'admin_post_rebasket_' . $action, array( $this, $action ), 10, 0 );
		}
	}

	/**
	 * Keep the app's address.
	 */
	public function address(): void {
		$this->check( 'address' );
		$this->back( App_Address::keep( self::posted( 'app_url' ) ) ? '' : 'address' );
	}

	/**
	 * End the connection from this side.
	 */
	public function disconnect(): void {
		$this->check( 'disconnect' );
		Farewell::say( $this->connection );
		$this->connection->forget();
		$this->outbox->clear();
		$this->back( 'disconnected' );
	}

	/**
	 * Send what waits.
	 */
	public function send(): void {
		$this->check( 'send' );
		$this->sender->run( true );
		$this->back( $this->outbox->standing()['waiting'] > 0 ? 'waiting' : 'sent' );
	}

	/**
	 * Keep the merchant's choice between the two mails.
	 */
	public function choose(): void {
		$this->check( 'choose' );
		$this->own_mail->choose( self::posted( 'choice' ) );
		$this->back( '' );
	}

	/**
	 * End the request unless the merchant sent it.
	 *
	 * @param string $action What is asked for.
	 */
	private function check( string $action ): void {
		if ( ! Rest_Routes::is_allowed() ) {
			wp_die( esc_html__( 'You may not change this.', 'rebasket' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( 'rebasket_' . $action );
	}

	/**
	 * One posted text.
	 *
	 * @param string $key Its name.
	 */
	private static function posted( string $key ): string {
		return isset( $_POST[ $key ] ) && is_string( $_POST[ $key ] ) ? sanitize_text_field( wp_unslash( $_POST[ $key ] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
	}

	/**
	 * Lead back to the page.
	 *
	 * @param string $said What happened, for the page to say.
	 */
	private function back( string $said ): void {
		wp_safe_redirect( add_query_arg( array_filter( array( 'rebasket' => $said ) ), Admin_Page::url() ) );
		exit;
	}
}
